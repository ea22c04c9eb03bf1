-- One row per instant and operation: how many attempts of the day before it succeeded.
-- Kind: upper_rate
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    o.op_name as scope_id,
    cast(sum(o.n_success) as bigint) as k,
    cast(sum(o.n_attempts) as bigint) as n
from instants as i
join fact_biz_op as o on o.op_on = cast(i.seen_at as date) - 1
group by all
