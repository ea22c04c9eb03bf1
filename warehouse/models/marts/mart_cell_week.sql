-- One row per cell, ISO week and month: counters added up, for rates over any weeks. A week over a month's end has two.
-- Class: L2
-- Slice: part by month
-- Order: week_start, part
-- days_sent: the days of the week that were sent as bits, Monday's the lowest.
-- Busy is what one day asked most of the cell: the day's own figure, as daily counters know no hours.
with days as (
    select k.*, cast(date_trunc('week', k.period_on) as date) as week_start from fact_cell_kpi_1d as k
)
select
    left(part, 7) as part,
    cell_id,
    week_start,
    count(*) as n_days,
    cast(sum(power(
        2, seconds_between(cast(week_start as timestamp), cast(period_on as timestamp)) / 86400
    )) as bigint) as days_sent,
    cast(sum(rrc_att) as bigint) as rrc_att,
    cast(sum(rrc_succ) as bigint) as rrc_succ,
    cast(sum(erab_att) as bigint) as erab_att,
    cast(sum(erab_succ) as bigint) as erab_succ,
    cast(sum(erab_abn_rel) as bigint) as erab_abn_rel,
    cast(sum(ho_in) as bigint) as ho_in,
    cast(sum(ho_att) as bigint) as ho_att,
    cast(sum(ho_succ) as bigint) as ho_succ,
    cast(sum(cast(prb_used_dl as decimal(28, 6))) as double) as prb_used_dl,
    cast(sum(cast(prb_avail_dl as decimal(28, 6))) as double) as prb_avail_dl,
    max(prb_used_dl / nullif(prb_avail_dl, 0)) as prb_busiest,
    cast(sum(cast(thp_num_mbit as decimal(28, 6))) as double) as thp_num_mbit,
    cast(sum(cast(thp_den_s as decimal(28, 6))) as double) as thp_den_s,
    cast(sum(cast(unavail_s as decimal(28, 6))) as double) as unavail_s,
    cast(sum(mr_samples) as bigint) as mr_samples,
    cast(sum(mr_weak) as bigint) as mr_weak,
    cast(sum(cast(rsrp_sum_dbm as decimal(28, 6))) as double) as rsrp_sum_dbm,
    max(ul_intf_dbm) as intf_worst_dbm
from days
group by left(part, 7), cell_id, week_start
