-- One row per instant: repeats among the complaints of the 30 days before it.
-- Kind: lower_rate
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    'CITY' as scope_id,
    count_if(coalesce(t.is_repeat, false)) as k,
    count(*) as n
from instants as i
join mart_ticket as t on t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 30 day
group by all
