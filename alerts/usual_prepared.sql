-- The rows of usual_hours.sql from hours that are prepared already.
select
    enum_code(h.cell_id) as cell_no, cast(d.date_on - cast($first as date) as integer) as day_no,
    cast(hour(h.hour_end - interval 1 hour) as integer) as hour_no,
    case when h.n_samples > 0 then h.rsrp_dbm end as rsrp, case when h.n_samples > 0 then h.coverage end as coverage,
    case when h.active_s > 0 then h.speed_mbps end as speed
from cell_hour as h
join dim_date as d on d.date_on = cast(h.hour_end - interval 1 hour as date)
where
    h.cell_id is not null and (not d.is_holiday or d.is_workday)
    and d.date_on >= cast($since as date) and d.date_on < cast($first as date) + 56
