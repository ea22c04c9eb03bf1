-- One row per instant and area: how far the signal lies under what is usual at that hour, in dB, in most of six hours.
-- Kind: level
-- Rolls up: cell_hour_value
-- Coverage counts too: 5 points less are as bad as 3 dB. A difference within $spreads usual spreads is none.
with against as (
    select
        h.cell_id, h.hour_end, h.n_samples, h.rsrp_dbm, u.rsrp_dbm as usual_dbm,
        u.rsrp_dbm - h.rsrp_dbm as lost_db, u.coverage - h.coverage as lost_coverage, u.rsrp_spread, u.coverage_spread
    from cell_hour as h
    join dim_date as d on d.date_on = cast(h.hour_end - interval 1 hour as date)
    join cell_usual as u
        on u.cell_id = h.cell_id and u.week_start = cast(date_trunc('week', h.hour_end - interval 1 hour) as date)
        and u.hour_no = hour(h.hour_end - interval 1 hour) and u.is_workday = d.is_workday
    where h.n_samples > 0
),
beyond as (
    select
        *, case when lost_db >= $spreads * rsrp_spread then lost_db else 0 end as worth_db,
        case when lost_coverage >= $spreads * coverage_spread then lost_coverage * 60 else 0 end as worth_coverage
    from against
)
select
    cell_id, hour_end, n_samples as n, rsrp_dbm as seen, usual_dbm as baseline,
    round(cast(case when worth_coverage > worth_db then worth_coverage else worth_db end as double), 3) as value
from beyond
