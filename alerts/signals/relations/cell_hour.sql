-- One row per cell and hour that it reported: its ratios, and what each rests on.
-- From 32 hours before the first instant on: a cell that falls silent is held for a day.
select
    h.cell_id,
    h.period_start + interval 1 hour as hour_end,
    h.mr_samples as n_samples,
    cast(h.rsrp_sum_dbm / nullif(h.mr_samples, 0) as float) as rsrp_dbm,
    cast(1 - h.mr_weak / nullif(h.mr_samples, 0) as float) as coverage,
    cast(h.thp_num_mbit / nullif(h.thp_den_s, 0) as float) as speed_mbps,
    cast(h.thp_den_s as float) as active_s,
    h.erab_abn_rel + h.erab_norm_rel as n_releases,
    cast(h.erab_abn_rel / nullif(h.erab_abn_rel + h.erab_norm_rel, 0) as float) as dropped,
    h.rrc_att as n_attempts,
    cast(h.rrc_succ / nullif(h.rrc_att, 0) * (h.erab_succ / nullif(h.erab_att, 0)) as float) as access,
    h.ho_att as n_handovers,
    cast(h.ho_succ / nullif(h.ho_att, 0) as float) as handover,
    cast(h.ul_intf_dbm as float) as interference_dbm,
    cast(h.unavail_s as float) as unavail_s
from fact_cell_kpi_1h as h
where
    h.period_start >= list_min($instants) - interval 32 hour
    and h.period_start < list_max($instants)
