-- One row per hour of one cell, with the class of its day; a holiday that is not worked has none.
select
    h.period_start as seen_at,
    case when not d.is_holiday or d.is_workday then d.is_workday end as is_workday,
    h.rrc_att, h.rrc_succ, h.erab_att, h.erab_succ, h.erab_abn_rel, h.ho_in, h.ho_att, h.ho_succ, h.prb_used_dl,
    h.prb_avail_dl, h.thp_num_mbit, h.thp_den_s, h.ul_intf_dbm, h.unavail_s, h.mr_samples, h.mr_weak, h.rsrp_sum_dbm
from fact_cell_kpi_1h as h
join dim_date as d on d.date_on = cast(h.period_start as date)
where h.cell_id = $cell_id and h.period_start >= $first_at and h.period_start < $end_at
order by h.period_start
