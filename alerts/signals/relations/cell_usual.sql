-- One row per week, cell, hour of the day and class of day: what was usual in the eight weeks before that week.
-- Classes are workdays and weekends; holidays are neither and are left out, as are hours that lie farther from the
-- median than four of their own spreads: those already were a warning. A spread is 1.4826 MAD. Under five days nothing
-- is usual.
with weeks as (
    select distinct cast(date_trunc('week', day_at) as date) as week_start
    from (
        select unnest(range(
            date_trunc('day', (select min(i) from (select unnest($instants) as i) as s)) - interval 2 day,
            (select max(i) from (select unnest($instants) as i) as s),
            interval 1 day
        )) as day_at
    ) as d
),
days as (
    select w.week_start, d.date_on, d.is_workday
    from weeks as w
    join dim_date as d on d.date_on >= w.week_start - 56 and d.date_on < w.week_start
    where not d.is_holiday or d.is_workday
),
listed as (
    select
        d.week_start,
        h.cell_id,
        hour(h.period_start) as hour_no,
        d.is_workday,
        list(cast(h.rsrp_sum_dbm / h.mr_samples as float)) filter (where h.mr_samples > 0) as rsrp,
        list(cast(1 - h.mr_weak / h.mr_samples as float)) filter (where h.mr_samples > 0) as coverage,
        list(cast(h.thp_num_mbit / h.thp_den_s as float)) filter (where h.thp_den_s > 0) as speed
    from fact_cell_kpi_1h as h
    join days as d on d.date_on = cast(h.period_start as date)
    group by all
),
middle as (
    select
        *,
        list_aggregate(rsrp, 'median') as rsrp_mid, list_aggregate(rsrp, 'mad') * 1.4826 as rsrp_spread,
        list_aggregate(coverage, 'median') as coverage_mid, list_aggregate(coverage, 'mad') * 1.4826 as coverage_spread,
        list_aggregate(speed, 'median') as speed_mid, list_aggregate(speed, 'mad') * 1.4826 as speed_spread
    from listed
)
select
    week_start, cell_id, hour_no, is_workday,
    case when len(rsrp) >= 5 then cast(list_aggregate(
        list_filter(rsrp, lambda x: abs(x - rsrp_mid) <= 4 * rsrp_spread), 'median'
    ) as float) end as rsrp_dbm,
    cast(rsrp_spread as float) as rsrp_spread,
    case when len(coverage) >= 5 then cast(list_aggregate(
        list_filter(coverage, lambda x: abs(x - coverage_mid) <= 4 * coverage_spread), 'median'
    ) as float) end as coverage,
    cast(coverage_spread as float) as coverage_spread,
    case when len(speed) >= 5 then cast(list_aggregate(
        list_filter(speed, lambda x: abs(x - speed_mid) <= 4 * speed_spread), 'median'
    ) as float) end as speed_mbps,
    cast(speed_spread as float) as speed_spread
from middle
