-- One row per cell and day on which its signal began to lie 2 dB or more under the mean of its 28 days before.
-- Class: L2
-- Slice: part by day
-- Reaches: 35 days
-- Of days with as many measurement reports as a figure needs, 14 of them known before. A day that low begins nothing
-- where one of the 7 days before it was that low too. Levels are added as whole millionths of a dB: a sum of doubles
-- depends on the order of the rows, and a day on the line would with it.
with levels as (
    select
        k.cell_id, k.period_on,
        cast(round(1000000 * k.rsrp_sum_dbm / nullif(k.mr_samples, 0)) as bigint) as level_udb
    from fact_cell_kpi_1d as k
    cross join seed_radio as s
    where k.mr_samples >= s.samples and k.mr_samples > 0 and k.rsrp_sum_dbm is not null
),
usual as (
    select
        cell_id, period_on, level_udb,
        sum(level_udb) over earlier as total_udb, count(*) over earlier as n_known
    from levels
    window earlier as (
        partition by cell_id order by period_on
        range between interval 28 day preceding and interval 1 day preceding
    )
),
low as (
    select cell_id, period_on
    from usual
    where n_known >= 14 and n_known * level_udb <= total_udb - n_known * 2000000
),
dated as (
    select cell_id, period_on, lag(period_on) over (partition by cell_id order by period_on) as low_before_on
    from low
)
select cast(period_on as string) as part, cell_id, period_on as began_on
from dated
where low_before_on is null or low_before_on < period_on - interval 7 day
