-- One row per hour that a cell reported on days whose hours are compared, with the place of cell, day and hour in a grid.
-- Holidays are left out. $cells is the list of cells in order, $first the day numbered 0, $since the first that is asked.
select
    c.cell_no, cast(d.date_on - cast($first as date) as integer) as day_no, cast(hour(h.period_start) as integer) as hour_no,
    case when h.mr_samples > 0 then cast(h.rsrp_sum_dbm / h.mr_samples as float) end as rsrp,
    case when h.mr_samples > 0 then cast(1 - h.mr_weak / h.mr_samples as float) end as coverage,
    case when h.thp_den_s > 0 then cast(h.thp_num_mbit / h.thp_den_s as float) end as speed
from fact_cell_kpi_1h as h
join (
    select unnest($cells) as cell_id, unnest(range(len($cells))) as cell_no
) as c on c.cell_id = h.cell_id
join dim_date as d on d.date_on = cast(h.period_start as date)
where (not d.is_holiday or d.is_workday) and d.date_on >= cast($since as date) and d.date_on < cast($first as date) + 56
