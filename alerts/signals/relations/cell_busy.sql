-- One row per cell and day: the largest share of its radio blocks that it used in an hour, up or down.
-- The seven days before the first instant, and those up to the last.
select
    cell_id, cast(period_start as date) as day_on,
    max(greatest(
        coalesce(prb_used_dl / nullif(prb_avail_dl, 0), 0), coalesce(prb_used_ul / nullif(prb_avail_ul, 0), 0)
    )) as busy
from fact_cell_kpi_1h
where
    period_start >= date_trunc('day', list_min($instants)) - interval 7 day
    and period_start < date_trunc('day', list_max($instants))
group by cell_id, cast(period_start as date)
