-- One row per instant and department, or urgent ticket: open tickets whose clock nears its end, or is past it.
-- Two clocks run: to the first reply and to the result, of the policy in force. value: the worst share of a limit used.
with instants as (
    select unnest($instants) as seen_at
),
clocks as (
    select ticket_id, dept, priority, accepted_at, held_from, held_to, due_at, limit_min
    from mart_ticket_held
    where due_at is not null and (coalesce(priority, '') = 'P1') = $urgent
        and (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
    union all
    select
        ticket_id, dept, priority, accepted_at, held_from, least(held_to, first_reply_at) as held_to,
        reply_due_at as due_at, reply_limit_min as limit_min
    from mart_ticket_held
    where reply_due_at is not null and (coalesce(priority, '') = 'P1') = $urgent
        and (first_reply_at is null or first_reply_at > held_from)
        and (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
),
-- The stretch of a stay in which the clock is in question.
stretches as (
    select
        *,
        greatest(
            held_from,
            case when $overdue then due_at else accepted_at + to_seconds(limit_min * 60 * $near) end
        ) as from_at,
        case
            when $overdue then coalesce(held_to, timestamp '9999-12-31')
            else least(coalesce(held_to, timestamp '9999-12-31'), due_at + interval 1 second)
        end as to_at
    from clocks
),
seen as (
    select
        i.seen_at, s.ticket_id, s.dept, s.accepted_at,
        max(date_diff('second', s.accepted_at, i.seen_at) / (s.limit_min * 60.0)) as share
    from instants as i
    join stretches as s on s.from_at <= i.seen_at and s.to_at > i.seen_at
    where not $overdue or i.seen_at > s.due_at
    group by all
),
scoped as (
    select *, case when $urgent then ticket_id else dept end as scope_id from seen
)
select
    seen_at,
    scope_id,
    max(share) as value,
    count(*) as n,
    min(accepted_at) as oldest_at,
    date_diff('second', min(accepted_at), seen_at) / 3600.0 as oldest_h,
    array_to_string(max_by(ticket_id, share, 5), ',') as worst,
    min(dept) as owner_dept
from scoped
group by seen_at, scope_id
