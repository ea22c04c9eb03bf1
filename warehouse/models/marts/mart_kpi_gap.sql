-- One row per object, figure and stretch of periods that were not sent between two that were.
-- Class: L1; L2 scope_id
-- What is missing is shown as missing: no zero is put in its place.
with neighbours as (
    select
        scope_kind, scope_id, kpi_code, region_code, period_minutes, period_start as after_start,
        lag(period_start) over (partition by scope_kind, scope_id, kpi_code order by period_start) as before_start
    from fact_kpi_value
    where value is not null
)
select
    scope_kind, scope_id, kpi_code, region_code, before_start, after_start,
    cast(floor(seconds_between(before_start, after_start) / (60.0 * period_minutes)) as bigint) - 1 as n_missing
from neighbours
where seconds_between(before_start, after_start) >= 120 * period_minutes
