-- One row per instant and department: matured timeliness of tickets accepted in the week before it.
-- Kind: upper_rate
with instants as (
    select unnest($instants) as seen_at
),
-- Joined by days: of a long stretch every ticket meets its own week alone.
days as (
    select seen_at, unnest(range(date_trunc('day', seen_at - interval 7 day), seen_at, interval 1 day)) as day_at
    from instants
)
select
    i.seen_at,
    t.owner_dept as scope_id,
    count_if(coalesce(t.feedback_at <= t.due_at and t.feedback_at <= i.seen_at, false)) as k,
    count_if(coalesce(t.feedback_at <= i.seen_at or t.due_at < i.seen_at, false)) as n
from days as i
join mart_ticket as t
    on date_trunc('day', t.accepted_at) = i.day_at
    and t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 7 day
where t.owner_dept <> 'UNKNOWN'
group by all
