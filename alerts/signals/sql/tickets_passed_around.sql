-- One row per instant and department: open tickets it has that were transferred too often or came back to it.
with instants as (
    select unnest($instants) as seen_at
),
stays as (
    select *
    from mart_ticket_held
    where (n_transfers >= $transfers or has_returned)
        and (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
),
seen as (
    select i.seen_at, s.*
    from instants as i
    join stays as s on s.held_from <= i.seen_at and coalesce(s.held_to, timestamp '9999-12-31') > i.seen_at
)
select
    seen_at,
    dept as scope_id,
    cast(count(*) as double) as value,
    count(*) as n,
    max(n_transfers) as most_transfers,
    count_if(coalesce(has_returned, false)) as n_returned,
    min(accepted_at) as oldest_at,
    array_to_string(max_by(ticket_id, n_transfers, 5), ',') as worst,
    dept as owner_dept
from seen
group by all
