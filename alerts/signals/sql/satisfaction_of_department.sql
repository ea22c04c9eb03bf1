-- One row per instant and department: answers of the week before it.
-- Kind: upper_rate
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    t.owner_dept as scope_id,
    count_if(coalesce(t.answer_code = 2, false)) as k,
    count_if(coalesce(t.answer_code in (2, 3), false)) as n
from instants as i
join mart_ticket as t on t.surveyed_at < i.seen_at and t.surveyed_at >= i.seen_at - interval 7 day
where t.owner_dept <> 'UNKNOWN'
group by all
