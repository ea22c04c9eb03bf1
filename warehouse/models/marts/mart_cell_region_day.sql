-- One row per day, region and radio generation: counters added up, never ratios averaged.
-- Class: L1
-- Slice: part
-- n_watched: cells that tell how long they were away. held: connections of cells that count those that were lost.
-- mr_judged, mr_levelled: samples of cells that count weak ones, or tell their level. So a vendor who leaves one counter out spoils no rate.
-- Real counters are added as decimals: sums of doubles depend on the order of the rows, and so would the release.
with cells as (
    select cell_id, region_code, rat, valid_from, valid_to from dim_cell
)
select
    k.part,
    k.period_on as date_on,
    coalesce(c.region_code, 'UNKNOWN') as region_code,
    coalesce(c.rat, 'UNKNOWN') as rat,
    count(*) as n_cells,
    count(k.unavail_s) as n_watched,
    cast(sum(k.rrc_att) as bigint) as rrc_att,
    cast(sum(k.rrc_succ) as bigint) as rrc_succ,
    cast(sum(k.erab_att) as bigint) as erab_att,
    cast(sum(k.erab_succ) as bigint) as erab_succ,
    cast(sum(k.erab_abn_rel) as bigint) as erab_abn_rel,
    cast(sum(k.erab_norm_rel) as bigint) as erab_norm_rel,
    cast(sum(case when k.erab_abn_rel is not null then k.erab_succ + coalesce(k.ho_in, 0) end) as bigint) as held,
    cast(sum(k.ho_att) as bigint) as ho_att,
    cast(sum(k.ho_succ) as bigint) as ho_succ,
    cast(sum(cast(k.prb_used_dl as decimal(28, 6))) as double) as prb_used_dl,
    cast(sum(cast(k.prb_avail_dl as decimal(28, 6))) as double) as prb_avail_dl,
    cast(sum(cast(k.thp_num_mbit as decimal(28, 6))) as double) as thp_num_mbit,
    cast(sum(cast(k.thp_den_s as decimal(28, 6))) as double) as thp_den_s,
    cast(sum(cast(k.unavail_s as decimal(28, 6))) as double) as unavail_s,
    cast(sum(k.mr_samples) as bigint) as mr_samples,
    cast(sum(k.mr_weak) as bigint) as mr_weak,
    cast(sum(case when k.mr_weak is not null then k.mr_samples end) as bigint) as mr_judged,
    cast(sum(case when k.rsrp_sum_dbm is not null then k.mr_samples end) as bigint) as mr_levelled,
    cast(sum(cast(k.rsrp_sum_dbm as decimal(28, 6))) as double) as rsrp_sum_dbm
from fact_cell_kpi_1d as k
left join cells as c
    on c.cell_id = k.cell_id and k.period_on >= c.valid_from and (c.valid_to is null or k.period_on < c.valid_to)
group by k.part, k.period_on, coalesce(c.region_code, 'UNKNOWN'), coalesce(c.rat, 'UNKNOWN')
