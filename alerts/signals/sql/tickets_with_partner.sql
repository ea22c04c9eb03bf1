-- One row per instant and partner: open tickets that lie there for more than a share of their limit.
-- value: the worst share of a limit that a ticket has spent there in this stay.
with instants as (
    select unnest($instants) as seen_at
),
partners as (
    select dept_code from dim_dept where kind = 'PARTNER'
),
stays as (
    select
        h.ticket_id, h.dept, h.accepted_at, h.held_from, h.limit_min,
        h.held_from + to_seconds(h.limit_min * 60 * $share) as from_at,
        coalesce(h.held_to, timestamp '9999-12-31') as to_at
    from mart_ticket_held as h
    join partners as p on p.dept_code = h.dept
    where h.limit_min is not null
        and (h.held_to is null or h.held_to > (select min(seen_at) from instants))
        and h.held_from <= (select max(seen_at) from instants)
),
seen as (
    select
        i.seen_at, s.ticket_id, s.dept, s.accepted_at,
        date_diff('second', s.held_from, i.seen_at) / (s.limit_min * 60.0) as share
    from instants as i
    join stays as s on s.from_at < i.seen_at and s.to_at > i.seen_at
)
select
    seen_at,
    dept as scope_id,
    max(share) as value,
    count(*) as n,
    min(accepted_at) as oldest_at,
    array_to_string(max_by(ticket_id, share, 5), ',') as worst,
    dept as owner_dept
from seen
group by all
