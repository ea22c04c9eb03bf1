-- One row per instant and area: the share of its radio blocks that the busiest cells used in their own busy hour, on
-- at least three of seven days.
-- Kind: level
-- An area is as busy as its $cells-th busiest cell.
with instants as (
    select unnest($instants) as seen_at
),
lasting as (
    select
        i.seen_at, d.cell_id, list_sort(list(d.busy), 'DESC')[cast($of_days as integer)] as busy, count(*) as n_days
    from instants as i
    join cell_busy as d on d.day_on < cast(i.seen_at as date) and d.day_on >= cast(i.seen_at as date) - 7
    group by i.seen_at, d.cell_id
    having count(*) >= $of_days
),
located as (
    select l.*, a.area_id, a.region_code, a.place_id, a.site_id
    from lasting as l
    join cell_area as a on a.cell_id = l.cell_id
)
select
    seen_at, area_id as scope_id,
    list_sort(list(busy), 'DESC')[cast(least($cells, count(*)) as integer)] as value,
    count(*) as n, max(busy) as seen, count(*) filter (where busy >= $busy) as n_cells,
    array_to_string(list_slice(list(cell_id order by busy desc, cell_id) filter (where busy >= $busy), 1, 5), ',') as cells,
    coalesce(array_to_string(list_sort(list_distinct(list(site_id) filter (where busy >= $busy))), ','), '') as sites,
    min(region_code) as region_code, max(place_id) as place_id
from located
group by seen_at, area_id
