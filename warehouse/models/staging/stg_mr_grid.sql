-- One row per day, grid and serving cell.
-- Class: L2
-- Slice: part
select
    measured_on,
    grid_x,
    grid_y,
    lon,
    lat,
    grid50,
    grid500,
    cell_id,
    rat,
    n_hours,
    n_samples,
    n_weak,
    rsrp_avg_dbm,
    rsrq_avg_db,
    ul_sinr_avg_db,
    ta_avg,
    earfcn,
    part
from lake_mr_grid
qualify row_number() over (
    partition by part, measured_on, grid_x, grid_y, cell_id
    order by file_on desc, file_id desc, row_no desc
) = 1
