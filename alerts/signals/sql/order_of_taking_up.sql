-- One row per instant and department: whether the complaints of a week were taken up in the order they came.
-- Days of mart_flow_order from 10 to 3 days back, so that what came has been taken up. value: Spearman's correlation of
-- coming and taking, weighted by the day's number; 1 is the order of coming.
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    o.dept as scope_id,
    sum(o.order_rho * o.n_picked) / sum(o.n_picked) as value,
    cast(sum(o.n_picked) as bigint) as n,
    o.dept as owner_dept
from instants as i
join mart_flow_order as o on o.accepted_at < i.seen_at - interval 3 day and o.accepted_at >= i.seen_at - interval 10 day
group by all
