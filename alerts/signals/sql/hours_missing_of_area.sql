-- One row per instant and area: the share of the hours of a day that its cells should have sent and did not.
-- Expected are as many cells in every hour as reported in the best hour of the day before. An hour whose counters are all
-- empty was not sent. Looks back three days and an hour: the newest hour may be a day old, and two days end with it.
with instants as (
    select unnest($instants) as seen_at
),
hours as (
    select a.area_id, h.period_start + interval 1 hour as hour_end, count(distinct h.cell_id) as n_cells
    from fact_cell_kpi_1h as h
    join cell_area as a on a.cell_id = h.cell_id
    where
        h.period_start >= list_min($instants) - interval 73 hour
        and h.period_start < list_max($instants)
        and coalesce(h.mr_samples, h.rrc_att, h.erab_abn_rel + h.erab_norm_rel) is not null
    group by a.area_id, h.period_start
),
-- How late all are is another rule's question: the day ends with the newest hour that anybody sent.
ends as (
    select i.seen_at, max(h.hour_end) as day_end
    from instants as i
    join (select distinct hour_end from hours) as h
        on h.hour_end <= i.seen_at and h.hour_end > i.seen_at - interval 24 hour
    group by i.seen_at
),
seen as (
    select
        i.seen_at, h.area_id,
        max(h.n_cells) filter (where h.hour_end <= i.day_end - interval 24 hour) as n_cells,
        coalesce(sum(h.n_cells) filter (where h.hour_end > i.day_end - interval 24 hour), 0) as n_sent
    from ends as i
    join hours as h on h.hour_end <= i.day_end and h.hour_end > i.day_end - interval 48 hour
    group by i.seen_at, h.area_id
)
select
    seen_at,
    area_id as scope_id,
    greatest(0.0, 1 - n_sent / (24.0 * n_cells)) as value,
    cast(24 * n_cells as bigint) as n,
    cast(24 * n_cells - n_sent as bigint) as n_missing,
    n_cells
from seen
where n_cells is not null
