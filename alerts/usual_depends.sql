-- One row per load whose hours count and per day of the calendar: what, besides files, decides what is usual.
select 'load' as kind, file_id || ' ' || cast(loaded_at as varchar) as what
from (
    select distinct file_id, loaded_at from lake_cell_kpi_1h where part >= cast($since as varchar) and part <= cast($until as varchar)
    union
    select distinct file_id, loaded_at from lake_cell_kpi_15m where part >= cast($since as varchar) and part <= cast($until as varchar)
) as l
union all
select 'day' as kind, cast(date_on as varchar) || cast(is_workday as varchar) || cast(is_holiday as varchar) as what
from dim_date
where date_on >= $since and date_on <= $until
order by kind, what
