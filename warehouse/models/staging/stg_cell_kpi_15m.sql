-- One row per cell and quarter of an hour.
-- Class: L2
-- Slice: part
-- Stays in the lake: only what a model asks for is read.
select
    cell_id,
    period_start,
    rrc_att,
    rrc_succ,
    erab_att,
    erab_succ,
    erab_abn_rel,
    erab_norm_rel,
    ho_att,
    ho_succ,
    ho_in,
    prb_used_dl,
    prb_avail_dl,
    prb_used_ul,
    prb_avail_ul,
    vol_dl_mb,
    vol_ul_mb,
    thp_num_mbit,
    thp_den_s,
    rrc_avg,
    rrc_max,
    ul_intf_dbm,
    unavail_s,
    mr_samples,
    mr_weak,
    rsrp_sum_dbm,
    sinr_sum_db,
    cqi_good,
    cqi_all,
    completeness,
    part
from lake_cell_kpi_15m
qualify row_number() over (
    partition by part, cell_id, period_start
    order by file_on desc, file_id desc, row_no desc
) = 1
