-- One row per object, period and figure.
-- Class: L2
-- Slice: part
select
    scope_kind,
    scope_id,
    period_start,
    period_minutes,
    kpi_code,
    value,
    unit,
    part
from lake_kpi_value
qualify row_number() over (
    partition by part, scope_kind, scope_id, period_start, kpi_code
    order by file_on desc, file_id desc, row_no desc
) = 1
