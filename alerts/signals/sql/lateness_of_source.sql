-- One row per instant and source that comes regularly: how late its data are, in periods.
-- A file is known from its loading on; in a release that speaks of a time before its loading (a simulated city), data
-- are known from the time they are about.
with instants as (
    select unnest($instants) as seen_at
),
files as (
    select
        f.contract, f.cadence_hours, f.first_period, f.last_period,
        case when f.loaded_at <= r.as_of then f.loaded_at end as known_at
    from fact_file as f
    cross join release_info as r
    where f.state = 'loaded' and f.cadence_hours is not null and f.last_period is not null
),
reached as (
    select
        i.seen_at, f.contract, max(f.cadence_hours) as cadence_hours,
        max(case when f.known_at is null then least(f.last_period, i.seen_at) else f.last_period end) as reached_at
    from instants as i
    join files as f on coalesce(f.known_at, f.first_period) <= i.seen_at
    group by all
)
select
    seen_at,
    contract as scope_id,
    date_diff('second', reached_at, seen_at) / 3600.0 / cadence_hours as value,
    cast(null as bigint) as n,
    date_diff('second', reached_at, seen_at) / 3600.0 as late_h,
    reached_at,
    cadence_hours as every_h
from reached
