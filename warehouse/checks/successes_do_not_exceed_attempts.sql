-- No day has more successes than attempts.
-- Severity: warning
-- Slice: part
select cell_id, period_on from fact_cell_kpi_1d where rrc_succ > rrc_att or erab_succ > erab_att or ho_succ > ho_att
