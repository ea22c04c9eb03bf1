-- One row per grid, radio generation and day: measurement reports of all serving cells together.
-- Class: L2
-- Slice: part
-- The mean level is weighted by samples (dBm averaged as dBm, as operators do); the best cell has most samples.
with ranked as (
    select
        *,
        row_number() over (
            partition by part, measured_on, grid_x, grid_y, rat order by n_samples desc, cell_id
        ) as place
    from stg_mr_grid
),
grids as (
    select
        measured_on, grid_x, grid_y, rat,
        max(case when place = 1 then lon end) as lon,
        max(case when place = 1 then lat end) as lat,
        max(case when place = 1 then grid50 end) as grid50,
        max(case when place = 1 then grid500 end) as grid500,
        cast(sum(n_samples) as bigint) as n_samples,
        cast(sum(n_weak) as bigint) as n_weak,
        cast(sum(cast(rsrp_avg_dbm as decimal(12, 4)) * n_samples) as double)
            / nullif(sum(case when rsrp_avg_dbm is not null then n_samples end), 0) as rsrp_avg_dbm,
        max(case when place = 1 then cell_id end) as best_cell_id,
        count(*) as n_cells,
        part
    from ranked
    group by part, measured_on, grid_x, grid_y, rat
),
cells as (
    select cell_id, region_code, valid_from, valid_to from dim_cell
)
select
    g.measured_on, g.grid_x, g.grid_y, g.rat, c.region_code, g.lon, g.lat, g.grid50, g.grid500, g.n_samples,
    g.n_weak, g.rsrp_avg_dbm, g.best_cell_id, g.n_cells, g.part
from grids as g
left join cells as c
    on c.cell_id = g.best_cell_id
    and g.measured_on >= c.valid_from and (c.valid_to is null or g.measured_on < c.valid_to)
