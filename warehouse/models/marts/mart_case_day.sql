-- One row per case with a named place and day around it: how much of the signal measured nearby was weak.
-- Class: L1
-- Cells within 800 m of the place, whichever were on air; from four weeks before the first filing to three after the
-- last step. weak_share: weak samples over all samples (measurement reports).
with spans as (
    select
        case_id,
        cast(plus_minutes(min(step_at), -28 * 1440) as date) as first_on,
        cast(plus_minutes(max(step_at), 21 * 1440) as date) as last_on
    from mart_case_step
    where lane <> 'network'
    group by case_id
),
area as (
    select distinct s.case_id, c.cell_id
    from seed_case as s
    join dim_place as p on p.place_id = s.place_id
    join dim_cell as c
        on 111320 * sqrt(power(c.lat - p.lat, 2) + power((c.lon - p.lon) * cos(radians(p.lat)), 2)) <= 800
)
select
    a.case_id,
    k.period_on as day_on,
    sum(k.mr_weak) as mr_weak,
    sum(k.mr_samples) as mr_samples,
    cast(sum(k.mr_weak) as double) / sum(k.mr_samples) as weak_share
from area as a
join spans as w on w.case_id = a.case_id
join fact_cell_kpi_1d as k on k.cell_id = a.cell_id and k.period_on between w.first_on and w.last_on
group by a.case_id, k.period_on
having sum(k.mr_samples) > 0
