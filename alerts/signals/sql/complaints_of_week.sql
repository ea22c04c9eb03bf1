-- One row per instant with its week; and one per level-1 type, district and whole week with complaints, six years back.
-- Kind: weekly
-- The week of an instant is the last that ended by then. Days before tickets are there have counts instead; where both
-- are there, both count the same complaints, and the larger stands.
with instants as (
    select unnest($instants) as seen_at
),
asked as (
    select seen_at, cast(date_trunc('week', seen_at) as date) - 7 as week_start from instants
),
looked_at as (
    select min(week_start) - 320 * 7 as since, max(week_start) + 7 as until from asked
),
counted as (
    select accepted_on as day_on, type_l1, region_code, sum(n) as n
    from mart_ticket_day
    where accepted_on >= (select since from looked_at) and accepted_on < (select until from looked_at)
    group by all
    union all
    select counted_on as day_on, type_l1, region_code, sum(n_tickets) as n
    from fact_count_history
    where counted_on >= (select since from looked_at) and counted_on < (select until from looked_at)
    group by all
),
days as (
    select day_on, type_l1, region_code, max(n) as n
    from counted
    where type_l1 is not null and region_code is not null
    group by day_on, type_l1, region_code
)
select
    cast(null as timestamp) as seen_at,
    type_l1 || '/' || region_code as scope_id,
    cast(date_trunc('week', day_on) as date) as week_start,
    cast(sum(n) as bigint) as n
from days
group by type_l1 || '/' || region_code, cast(date_trunc('week', day_on) as date)
union all
select seen_at, null as scope_id, week_start, null as n from asked
