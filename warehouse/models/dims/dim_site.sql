-- One row per site, as its newest cells tell.
-- Class: L2
with cells as (
    select
        *,
        row_number() over (partition by site_id order by valid_from desc, cell_id) as newest_first
    from dim_cell
    where site_id is not null
),
counted as (
    select
        site_id,
        count(distinct case when valid_to is null and rat = 'LTE' then cell_id end) as n_lte_cells,
        count(distinct case when valid_to is null and rat = 'NR' then cell_id end) as n_nr_cells,
        min(on_air_on) as on_air_on,
        case when count(*) = count(valid_to) then max(valid_to) end as off_air_on
    from cells
    group by site_id
)
select
    c.site_id, c.region_code, c.town, c.scene, c.lon, c.lat, c.vendor,
    n.n_lte_cells, n.n_nr_cells, n.on_air_on, n.off_air_on
from cells as c
join counted as n on n.site_id = c.site_id
where c.newest_first = 1
