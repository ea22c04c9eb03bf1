-- One row per cell: its counters of the 13 whole weeks before the release's week, added up.
-- Class: L2
-- What the list of cells tells of each, so that it need not read the weeks of all of them. prb_busiest and
-- intf_worst_dbm: means of the weeks' worst, for one bad week in a quarter is no bad cell.
with spans as (
    select
        cast(date_trunc('week', as_of) as date) as end_on,
        cast(date_trunc('week', as_of) - interval 91 day as date) as first_on
    from run
),
weeks as (
    select
        w.cell_id,
        w.week_start,
        sum(w.n_days) as n_days,
        sum(w.rrc_att) as rrc_att,
        sum(w.rrc_succ) as rrc_succ,
        sum(w.erab_att) as erab_att,
        sum(w.erab_succ) as erab_succ,
        sum(w.erab_abn_rel) as erab_abn_rel,
        sum(w.ho_in) as ho_in,
        sum(w.ho_att) as ho_att,
        sum(w.ho_succ) as ho_succ,
        sum(cast(w.unavail_s as decimal(28, 6))) as unavail_s,
        sum(w.mr_samples) as mr_samples,
        sum(w.mr_weak) as mr_weak,
        sum(cast(w.rsrp_sum_dbm as decimal(28, 6))) as rsrp_sum_dbm,
        sum(cast(w.thp_num_mbit as decimal(28, 6))) as thp_num_mbit,
        sum(cast(w.thp_den_s as decimal(28, 6))) as thp_den_s,
        max(w.prb_busiest) as prb_busiest,
        max(w.intf_worst_dbm) as intf_worst_dbm
    from mart_cell_week as w
    cross join spans as s
    where w.week_start >= s.first_on and w.week_start < s.end_on
    group by w.cell_id, w.week_start
)
select
    cell_id,
    cast(sum(n_days) as bigint) as n_days,
    cast(sum(rrc_att) as bigint) as rrc_att,
    cast(sum(rrc_succ) as bigint) as rrc_succ,
    cast(sum(erab_att) as bigint) as erab_att,
    cast(sum(erab_succ) as bigint) as erab_succ,
    cast(sum(erab_abn_rel) as bigint) as erab_abn_rel,
    cast(sum(ho_in) as bigint) as ho_in,
    cast(sum(ho_att) as bigint) as ho_att,
    cast(sum(ho_succ) as bigint) as ho_succ,
    cast(sum(unavail_s) as double) as unavail_s,
    cast(sum(mr_samples) as bigint) as mr_samples,
    cast(sum(mr_weak) as bigint) as mr_weak,
    cast(sum(rsrp_sum_dbm) as double) as rsrp_sum_dbm,
    cast(sum(thp_num_mbit) as double) as thp_num_mbit,
    cast(sum(thp_den_s) as double) as thp_den_s,
    cast(sum(cast(prb_busiest as decimal(28, 10))) as double) / nullif(count(prb_busiest), 0) as prb_busiest,
    cast(sum(cast(intf_worst_dbm as decimal(28, 10))) as double) / nullif(count(intf_worst_dbm), 0) as intf_worst_dbm
from weeks
group by cell_id
