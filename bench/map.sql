insert into mart_grid_week (week_start, kind, cell, region_code, lon, lat, n_tickets, n_customers, expected, excess, p_value)
select w.week_start, 'h3_8', h.cell, '321003', h.lon, h.lat, h.n, h.n, 4.5, h.n - 4.5, 0.5
from hexagons as h cross join (select distinct week_start from mart_grid_week order by week_start desc limit 9) as w;
insert into fact_mr_grid_d (measured_on, grid_x, grid_y, rat, region_code, lon, lat, n_samples, n_weak, rsrp_avg_dbm)
select d.measured_on, s.x, s.y, 'LTE', '321003', s.lon, s.lat, s.n, s.weak, -92.5
from squares as s cross join (select distinct measured_on from fact_mr_grid_d) as d
