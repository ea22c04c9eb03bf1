-- One row per instant and area, and per instant and cell that complaints back: how bad it was in most of some hours.
-- Reads `cell_hour_value`: cell_id, hour_end, value (the larger, the worse), n behind it, seen, baseline.
-- The verdict on a unit is the value that at least $of_hours of its last $hours hours reached. A unit is a cell of at
-- least $cell_n, or an area of at least $area_n taken together, each cell against its own baseline. An area is as bad as
-- its worst unit; nothing under $floor is looked at. A cell that falls silent keeps its verdict for a day, and an area
-- of which nothing was heard for $stale_hours has no value: what is missing clears nothing.
with instants as (
    select unnest($instants) as seen_at
),
located as materialized (
    select v.cell_id, v.hour_end, v.value, v.n, v.seen, v.baseline, a.area_id
    from cell_hour_value as v
    join cell_area as a on a.cell_id = v.cell_id
    where v.value is not null and v.n > 0
),
area_hour as materialized (
    select
        area_id, hour_end, cast(sum(n) as bigint) as n, sum(value * n) / sum(n) as value, sum(seen * n) / sum(n) as seen,
        sum(baseline * n) / sum(n) as baseline
    from located
    group by area_id, hour_end
),
hits as materialized (
    select cell_id as unit, area_id, hour_end, value, n, seen, baseline
    from located
    where n >= $cell_n and value >= $floor
    union all
    select area_id as unit, area_id, hour_end, value, n, seen, baseline
    from area_hour
    where n >= $area_n and value >= $floor
),
-- Units that reached it often enough within so many hours at all; few do.
of_interest as (
    select unit
    from (
        select
            unit, hour_end,
            lag(hour_end, cast($of_hours as integer) - 1) over (partition by unit order by hour_end) as earliest_end
        from hits
    ) as h
    where earliest_end > hour_end - to_hours(cast($hours as integer))
    union
    select cell_id as unit from cell_backed
),
reported as (
    select l.cell_id as unit, l.area_id, l.hour_end
    from located as l
    semi join of_interest as o on o.unit = l.cell_id
    where l.n >= $cell_n
    union all
    select area_id as unit, area_id, hour_end from area_hour where n >= $area_n
),
units as (
    select distinct unit, area_id from reported
),
newest as (
    select i.seen_at, u.unit, u.area_id, r.hour_end as last_end
    from instants as i
    cross join units as u
    asof join reported as r on r.unit = u.unit and r.hour_end <= i.seen_at
    where r.hour_end > i.seen_at - interval 24 hour
),
-- A hit counts in each of the hours that may still look back at it.
lasting as (
    select h.*, date_trunc('hour', h.hour_end) + to_hours(k.later) as hour_at
    from hits as h
    semi join units as u on u.unit = h.unit
    cross join (select unnest(range(0, cast($hours as integer) + 1)) as later) as k
),
verdicts as (
    select
        w.seen_at, w.unit, w.area_id,
        list_sort(list(h.value), 'DESC')[cast($of_hours as integer)] as value,
        max_by(h.n, h.hour_end) as n, max_by(h.seen, h.hour_end) as seen, max_by(h.baseline, h.hour_end) as baseline
    from newest as w
    join lasting as h on h.unit = w.unit and h.hour_at = date_trunc('hour', w.last_end)
    where h.hour_end <= w.last_end and h.hour_end > w.last_end - to_hours(cast($hours as integer))
    group by w.seen_at, w.unit, w.area_id
    having count(*) >= $of_hours
),
own as (
    select b.seen_at, b.cell_id, b.n_customers from cell_backed as b where b.is_backed
),
bad as (
    select v.*, c.site_id
    from verdicts as v
    left join cell_area as c on c.cell_id = v.unit
    anti join own as o on o.seen_at = v.seen_at and o.cell_id = v.unit
),
worst as (
    select
        seen_at, area_id, max(value) as value, max_by(n, value) as n, max_by(seen, value) as seen,
        max_by(baseline, value) as baseline, count(site_id) as n_cells,
        array_to_string(list_slice(list(unit order by value desc, unit) filter (where site_id is not null), 1, 5), ',')
            as cells,
        array_to_string(list_sort(list_distinct(list(site_id) filter (where site_id is not null))), ',') as sites
    from bad
    group by seen_at, area_id
),
places as (
    select distinct area_id, first(region_code order by region_code) as region_code, max(place_id) as place_id
    from cell_area
    group by area_id
),
heard as (
    select i.seen_at, p.area_id, p.region_code, p.place_id, r.hour_end as last_end, r.n
    from instants as i
    cross join places as p
    asof join area_hour as r on r.area_id = p.area_id and r.hour_end <= i.seen_at
    where r.hour_end > i.seen_at - interval 24 hour
)
select
    h.seen_at, h.area_id as scope_id,
    case when h.last_end > h.seen_at - to_hours(cast($stale_hours as integer))
        then greatest(coalesce(w.value, $floor), $floor) end as value,
    cast(coalesce(w.n, h.n) as bigint) as n,
    w.seen, w.baseline, coalesce(w.n_cells, 0) as n_cells, coalesce(w.cells, '') as cells,
    coalesce(w.sites, '') as sites, h.region_code, h.place_id, null as n_customers
from heard as h
left join worst as w on w.seen_at = h.seen_at and w.area_id = h.area_id
union all
select
    b.seen_at, 'cell:' || b.cell_id as scope_id,
    case
        when not b.is_backed then $floor
        when n.last_end > b.seen_at - to_hours(cast($stale_hours as integer)) then greatest(coalesce(v.value, $floor), $floor)
    end as value,
    cast(v.n as bigint) as n, v.seen, v.baseline, 1 as n_cells, b.cell_id as cells, c.site_id as sites, c.region_code,
    c.place_id, b.n_customers
from cell_backed as b
join cell_area as c on c.cell_id = b.cell_id
join units as u on u.unit = b.cell_id
left join newest as n on n.seen_at = b.seen_at and n.unit = b.cell_id
left join verdicts as v on v.seen_at = b.seen_at and v.unit = b.cell_id
