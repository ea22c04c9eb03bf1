with days as (
    select cell_id, cast(period_start as date) as day, max(prb_used_dl / prb_avail_dl) as busiest
    from fact_cell_kpi_1h
    group by all
),
cells as (
    select cell_id, count(*) filter (where busiest > 0.8) as n_full from days group by cell_id
)
select count(*) as cells, count(*) filter (where n_full >= 3) as full_cells from cells
