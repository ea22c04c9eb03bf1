-- First days of drops of the signal from every day of every cell, as it was asked before they were published.
with levels as (
    select cell_id, period_on, rsrp_sum_dbm / mr_samples as level_dbm from fact_cell_kpi_1d where mr_samples >= $samples
),
usual as (
    select
        cell_id, period_on, level_dbm, avg(level_dbm) over before as usual_dbm, count(level_dbm) over before as n_known
    from levels
    window before as (
        partition by cell_id order by period_on
        range between interval 28 day preceding and interval 1 day preceding
    )
),
dropped as (
    select cell_id, period_on from usual where n_known >= 14 and level_dbm <= usual_dbm - $drop_db
)
select cell_id, period_on as began_on
from dropped
qualify coalesce(lag(period_on) over (partition by cell_id order by period_on) < period_on - interval 7 day, true)
order by cell_id, period_on
