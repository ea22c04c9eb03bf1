-- One row per instant and department, or urgent ticket: open tickets to which nothing has happened for too long.
-- Too long: 4 hours or a quarter of the limit, whichever is more; half an hour where it is urgent (as mart_flow_stuck).
-- value: how many times that. Tickets without an event log are not known to stand still.
with instants as (
    select unnest($instants) as seen_at
),
stays as (
    select *
    from mart_ticket_held
    where (coalesce(priority, '') = 'P1') = $urgent
        and (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
),
happened as (
    select
        e.ticket_id, e.event_at,
        lead(e.event_at, 1, timestamp '9999-12-31') over (partition by e.ticket_id order by e.event_no) as next_at
    from fact_ticket_event as e
    where not e.is_early and e.ticket_id in (select ticket_id from stays)
),
allowed as (
    select
        s.*,
        h.event_at, h.next_at,
        60 * case when $urgent then $urgent_minutes else greatest($hours * 60, $share * coalesce(s.limit_min, 0)) end
            as allowed_s
    from stays as s
    join happened as h on h.ticket_id = s.ticket_id
        and h.next_at > s.held_from and h.event_at < coalesce(s.held_to, timestamp '9999-12-31')
),
stretches as (
    select
        *,
        greatest(event_at, held_from) as since_at,
        greatest(event_at, held_from) + to_seconds(allowed_s) as from_at,
        least(coalesce(held_to, timestamp '9999-12-31'), next_at) as to_at
    from allowed
),
seen as (
    select
        i.seen_at, s.ticket_id, s.dept, s.accepted_at,
        max(date_diff('second', s.since_at, i.seen_at)) as quiet_s,
        max(date_diff('second', s.since_at, i.seen_at) / s.allowed_s) as times
    from instants as i
    join stretches as s on s.from_at < i.seen_at and s.to_at > i.seen_at
    group by all
),
scoped as (
    select *, case when $urgent then ticket_id else dept end as scope_id from seen
)
select
    seen_at,
    scope_id,
    max(times) as value,
    count(*) as n,
    max(quiet_s) / 3600.0 as quiet_h,
    min(accepted_at) as oldest_at,
    array_to_string(max_by(ticket_id, times, 5), ',') as worst,
    min(dept) as owner_dept
from scoped
group by seen_at, scope_id
