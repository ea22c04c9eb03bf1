-- One row per instant and department: open tickets with a promised date that is near or past, and nothing paid.
-- value: hours past the promised time, negative before it.
with instants as (
    select unnest($instants) as seen_at
),
held as (
    select
        ticket_id, dept, accepted_at, promise_due_at, held_to,
        greatest(held_from, promise_due_at - to_seconds(3600 * $near_hours)) as from_at
    from mart_ticket_held
    where promise_due_at is not null
        and (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
),
paid as (
    select ticket_id, min(event_at) as paid_at
    from fact_ticket_event
    where event = 'COMPENSATE' and ticket_id in (select ticket_id from held)
    group by ticket_id
),
promises as (
    select
        h.ticket_id, h.dept, h.accepted_at, h.promise_due_at, h.from_at,
        least(coalesce(h.held_to, timestamp '9999-12-31'), coalesce(p.paid_at, timestamp '9999-12-31')) as to_at
    from held as h
    left join paid as p on p.ticket_id = h.ticket_id
),
seen as (
    select
        i.seen_at, p.ticket_id, p.dept, p.accepted_at, p.promise_due_at,
        date_diff('second', p.promise_due_at, i.seen_at) / 3600.0 as past_h
    from instants as i
    join promises as p on p.from_at <= i.seen_at and p.to_at > i.seen_at
)
select
    seen_at,
    dept as scope_id,
    max(past_h) as value,
    count(*) as n,
    count_if(coalesce(past_h > 0, false)) as n_past,
    min(promise_due_at) as first_due_at,
    min(accepted_at) as oldest_at,
    array_to_string(max_by(ticket_id, past_h, 5), ',') as worst,
    dept as owner_dept
from seen
group by all
