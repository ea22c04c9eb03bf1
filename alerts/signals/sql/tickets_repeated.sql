-- One row per instant and department: open tickets it has that repeat an earlier one of the same matter.
-- value: the longest chain, 2 for a second ticket in 30 days.
with instants as (
    select unnest($instants) as seen_at
),
stays as (
    select *
    from mart_ticket_held
    where chain_no >= 2
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
    cast(max(chain_no) as double) as value,
    count(*) as n,
    count_if(coalesce(chain_no >= 3, false)) as n_chains,
    min(accepted_at) as oldest_at,
    array_to_string(max_by(ticket_id, chain_no, 5), ',') as worst,
    dept as owner_dept
from seen
group by all
