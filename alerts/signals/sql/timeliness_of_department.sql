-- One row per instant and department: matured timeliness of tickets accepted in the week before it.
-- Kind: upper_rate
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    t.owner_dept as scope_id,
    count_if(coalesce(t.feedback_at <= t.due_at and t.feedback_at <= i.seen_at, false)) as k,
    count_if(coalesce(t.feedback_at <= i.seen_at or t.due_at < i.seen_at, false)) as n
from instants as i
join mart_ticket as t on t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 7 day
where t.owner_dept <> 'UNKNOWN'
group by all
