-- One row per instant and department, or ticket: complaints filed with an outside body that are not answered yet.
-- A filing stays on the list for a day at least, also where its case was answered before. Whose it is: who has the
-- ticket of its case at that moment, else who had it last.
with instants as (
    select unnest($instants) as seen_at
),
filed as (
    select
        ticket_id, case_id, level, channel_code, owner_dept, accepted_at,
        greatest(coalesce(answered_at, timestamp '9999-12-31'), accepted_at + interval 24 hour) as until_at
    from fact_outside
    where level >= $least_level and level <= $most_level
        and accepted_at <= (select max(seen_at) from instants)
        and (
            answered_at is null or answered_at > (select min(seen_at) from instants)
            or accepted_at > (select min(seen_at) from instants) - interval 24 hour
        )
),
seen as (
    select
        i.seen_at, f.ticket_id, f.level, f.accepted_at,
        coalesce(max(h.dept), max(f.owner_dept), 'UNKNOWN') as dept
    from instants as i
    join filed as f on f.accepted_at <= i.seen_at and f.until_at > i.seen_at
    left join mart_ticket_held as h
        on h.ticket_id = f.case_id
        and h.held_from <= i.seen_at and coalesce(h.held_to, timestamp '9999-12-31') > i.seen_at
    group by all
),
scoped as (
    select *, case when $single then ticket_id else dept end as scope_id from seen
)
select
    seen_at,
    scope_id,
    cast(count(*) as double) as value,
    count(*) as n,
    max(level) as level,
    min(accepted_at) as oldest_at,
    date_diff('second', min(accepted_at), seen_at) / 3600.0 as oldest_h,
    array_to_string(min_by(ticket_id, accepted_at, 5), ',') as worst,
    min(dept) as owner_dept
from scoped
group by seen_at, scope_id
