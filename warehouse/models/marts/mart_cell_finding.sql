-- One row per cell and day on which a figure of its counters lay beyond the limit from which it counts for a cause.
-- Class: L2
-- Slice: part by day
select k.part, k.cell_id, k.period_on
from fact_cell_kpi_1d as k
cross join seed_radio as s
where
    (k.mr_samples >= s.samples and k.mr_weak > s.weak * k.mr_samples)
    or (k.prb_avail_dl > 0 and k.prb_used_dl > s.load * k.prb_avail_dl)
    or k.ul_intf_dbm > s.interference
    or (
        k.erab_succ + coalesce(k.ho_in, 0) >= s.attempts
        and k.erab_abn_rel > s.drop_rate * (k.erab_succ + coalesce(k.ho_in, 0))
    )
    or (k.ho_att >= s.attempts and k.ho_succ < s.handover * k.ho_att)
    or (
        k.rrc_att >= s.attempts and k.erab_att >= s.attempts
        and (k.rrc_succ / nullif(k.rrc_att, 0)) * (k.erab_succ / nullif(k.erab_att, 0)) < s.access
    )
    or k.unavail_s > s.outage * 86400
