-- One row per instant and department, or urgent ticket: tickets sent there that nobody took on a weekend or holiday.
-- Waited too long: 2 hours, half an hour where it is urgent. On a working day the rule says nothing.
with instants as (
    select i.seen_at
    from (select unnest($instants) as seen_at) as i
    join dim_date as d on d.date_on = cast(i.seen_at as date)
    where not d.is_workday
),
waits as (
    select
        ticket_id, dept, accepted_at, held_from,
        held_from + to_seconds(60 * case when $urgent then $urgent_minutes else $minutes end) as from_at,
        least(
            coalesce(held_to, timestamp '9999-12-31'),
            coalesce(held_from + to_seconds(60 * accept_min), timestamp '9999-12-31')
        ) as to_at
    from mart_ticket_held
    where visit_no > 1 and (coalesce(priority, '') = 'P1') = $urgent
        and (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
),
seen as (
    select
        i.seen_at, w.ticket_id, w.dept, w.accepted_at, date_diff('second', w.held_from, i.seen_at) / 3600.0 as waited_h
    from instants as i
    join waits as w on w.from_at < i.seen_at and w.to_at > i.seen_at
),
scoped as (
    select *, case when $urgent then ticket_id else dept end as scope_id from seen
)
select
    seen_at,
    scope_id,
    cast(count(*) as double) as value,
    count(*) as n,
    max(waited_h) as waited_h,
    min(accepted_at) as oldest_at,
    array_to_string(max_by(ticket_id, waited_h, 5), ',') as worst,
    min(dept) as owner_dept
from scoped
group by seen_at, scope_id
