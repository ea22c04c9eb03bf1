-- One row per instant and open ticket: how many days the customer waits for an answer.
with instants as (
    select unnest($instants) as seen_at
),
waits as (
    select ticket_id, dept, held_from, coalesce(held_to, timestamp '9999-12-31') as to_at, accepted_at
    from mart_ticket_held
    where (held_to is null or held_to > accepted_at + to_seconds(86400 * $days))
        and (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
)
select
    i.seen_at,
    w.ticket_id as scope_id,
    max(date_diff('second', w.accepted_at, i.seen_at) / 86400.0) as value,
    cast(null as bigint) as n,
    min(w.accepted_at) as oldest_at,
    max(w.accepted_at) + interval 15 day as floor_at,
    min(w.dept) as owner_dept
from instants as i
join waits as w
    on w.held_from <= i.seen_at and w.to_at > i.seen_at
    and w.accepted_at + to_seconds(86400 * $days) <= i.seen_at
group by all
