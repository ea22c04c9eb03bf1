-- One row per cell: the place it serves, or the district it stands in.
-- A place is served by the cells inside it and up to 700 m around it; of two places the nearer one counts.
with newest as (
    select cell_id, site_id, rat, region_code, lon, lat
    from dim_cell
    qualify row_number() over (partition by cell_id order by valid_from desc) = 1
),
beside as (
    select
        c.cell_id, p.place_id,
        sqrt(
            power((c.lon - p.lon) * 111320 * cos(radians(p.lat)), 2) + power((c.lat - p.lat) * 110900, 2)
        ) as metres,
        p.radius_m
    from newest as c
    cross join dim_place as p
),
nearest as (
    select cell_id, place_id
    from beside
    where metres <= radius_m + 700
    qualify row_number() over (partition by cell_id order by metres - radius_m, place_id) = 1
)
select
    c.cell_id, c.site_id, c.rat, c.region_code, n.place_id,
    case when n.place_id is null then 'district:' || c.region_code else 'place:' || n.place_id end as area_id
from newest as c
left join nearest as n on n.cell_id = c.cell_id
where c.region_code is not null
