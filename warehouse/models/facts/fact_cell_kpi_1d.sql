-- One row per cell and day, as sent or, where no day was sent, from its hours.
-- Class: L2
-- Slice: part by day
-- Coarser from finer by sums only: a ratio is formed from the sums afterwards, never averaged. The two gauges
-- (mean users, mean interference in dBm) are plain means of equally long periods, as operators do it.
-- completeness: periods received of those expected, a part of a period as its own part; a period without any counter
-- was not received.
-- A day has 24 hours here, also where clocks change twice a year. Gauges are added with eight decimals: the mean of four
-- values of six has as many, and engines round a half differently.
with sent as (
    select
        cell_id, period_on,
        rrc_att, rrc_succ, erab_att, erab_succ, erab_abn_rel, erab_norm_rel, ho_att, ho_succ, ho_in, prb_used_dl,
        prb_avail_dl, prb_used_ul, prb_avail_ul, vol_dl_mb, vol_ul_mb, thp_num_mbit, thp_den_s, rrc_avg, rrc_max,
        ul_intf_dbm, unavail_s, mr_samples, mr_weak, rsrp_sum_dbm, sinr_sum_db, cqi_good, cqi_all, completeness,
        cast(period_on as string) as part
    from stg_cell_kpi_1d
),
hours as (
    select h.*, cast(h.period_start as date) as day_on from fact_cell_kpi_1h as h
),
alone as (
    select h.*
    from hours as h
    left join sent as s on s.part = h.part and s.cell_id = h.cell_id and s.period_on = h.day_on
    where s.cell_id is null
),
added as (
    select
        r.cell_id,
        r.day_on as period_on,
        cast(sum(r.rrc_att) as bigint) as rrc_att,
        cast(sum(r.rrc_succ) as bigint) as rrc_succ,
        cast(sum(r.erab_att) as bigint) as erab_att,
        cast(sum(r.erab_succ) as bigint) as erab_succ,
        cast(sum(r.erab_abn_rel) as bigint) as erab_abn_rel,
        cast(sum(r.erab_norm_rel) as bigint) as erab_norm_rel,
        cast(sum(r.ho_att) as bigint) as ho_att,
        cast(sum(r.ho_succ) as bigint) as ho_succ,
        cast(sum(r.ho_in) as bigint) as ho_in,
        cast(sum(cast(r.prb_used_dl as decimal(28, 6))) as double) as prb_used_dl,
        cast(sum(cast(r.prb_avail_dl as decimal(28, 6))) as double) as prb_avail_dl,
        cast(sum(cast(r.prb_used_ul as decimal(28, 6))) as double) as prb_used_ul,
        cast(sum(cast(r.prb_avail_ul as decimal(28, 6))) as double) as prb_avail_ul,
        cast(sum(cast(r.vol_dl_mb as decimal(28, 6))) as double) as vol_dl_mb,
        cast(sum(cast(r.vol_ul_mb as decimal(28, 6))) as double) as vol_ul_mb,
        cast(sum(cast(r.thp_num_mbit as decimal(28, 6))) as double) as thp_num_mbit,
        cast(sum(cast(r.thp_den_s as decimal(28, 6))) as double) as thp_den_s,
        cast(sum(cast(r.rrc_avg as decimal(28, 8))) as double) / nullif(count(r.rrc_avg), 0) as rrc_avg,
        max(r.rrc_max) as rrc_max,
        cast(sum(cast(r.ul_intf_dbm as decimal(28, 8))) as double) / nullif(count(r.ul_intf_dbm), 0) as ul_intf_dbm,
        cast(sum(cast(r.unavail_s as decimal(28, 6))) as double) as unavail_s,
        cast(sum(r.mr_samples) as bigint) as mr_samples,
        cast(sum(r.mr_weak) as bigint) as mr_weak,
        cast(sum(cast(r.rsrp_sum_dbm as decimal(28, 6))) as double) as rsrp_sum_dbm,
        cast(sum(cast(r.sinr_sum_db as decimal(28, 6))) as double) as sinr_sum_db,
        cast(sum(r.cqi_good) as bigint) as cqi_good,
        cast(sum(r.cqi_all) as bigint) as cqi_all,
        cast(sum(case when coalesce(r.rrc_att, r.erab_att, r.ho_att, r.prb_avail_dl, r.mr_samples, r.vol_dl_mb) is not null
            then cast(coalesce(r.completeness, 1) as decimal(28, 6)) else 0 end) as double) / 24 as completeness,
        r.part
    from alone as r
    group by r.part, r.cell_id, r.day_on
)
select * from sent
union all
select * from added
