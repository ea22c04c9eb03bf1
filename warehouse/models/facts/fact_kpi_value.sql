-- One row per object, period and figure.
-- Class: L2
-- Slice: part
-- A figure that came without its counts (a ratio, a mean, a single KPI). It can be shown and warned about as it is; it
-- is never aggregated across objects or periods, because the mean of shares is not the share of the whole.
with cells as (
    select cell_id, region_code, valid_from, valid_to from dim_cell
)
select
    v.scope_kind, v.scope_id, v.period_start, v.period_minutes, v.kpi_code, v.value, v.unit,
    case when v.scope_kind = 'region' then v.scope_id else c.region_code end as region_code,
    v.part
from stg_kpi_value as v
left join cells as c
    on v.scope_kind = 'cell' and c.cell_id = v.scope_id
    and cast(v.period_start as date) >= c.valid_from
    and (c.valid_to is null or cast(v.period_start as date) < c.valid_to)
