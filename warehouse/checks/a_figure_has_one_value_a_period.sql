-- An object has one value of a figure in a period.
select scope_kind, scope_id, period_start, kpi_code, count(*) as n
from fact_kpi_value
group by scope_kind, scope_id, period_start, kpi_code
having count(*) > 1
