-- One row per counted complaint about the network that can be put to a cell.
-- Class: L2
-- Slice: ticket_id
-- served: the cell the ticket itself names, where the engineering parameters know it. Else, of places known to the house
-- or the street (grades A and B), nearest: the nearest outdoor site on air that day within 2 km, and of its cells the one
-- that points there, LTE before others (the layer that carries calls). Other complaints are put to no cell.
-- Tiles of 0.02 degrees (at least 2 km up to 25 degrees of latitude) spare measuring to every site of the city; nearer
-- the poles they get narrower, so the two beside are looked at too.
with complaints as (
    select ticket_id, accepted_on, serving_cell_id, geo_grade, lon, lat
    from fact_ticket
    where is_counted and type_l1 = 'NET'
),
known as (
    select distinct cell_id from dim_cell
),
served as (
    select t.ticket_id, t.accepted_on, t.serving_cell_id as cell_id
    from complaints as t
    join known as k on k.cell_id = t.serving_cell_id
),
placed as (
    select
        t.ticket_id, t.accepted_on, t.lon, t.lat,
        cast(floor(t.lon * 50) as bigint) as tile_x, cast(floor(t.lat * 50) as bigint) as tile_y
    from complaints as t
    left join served as s on s.ticket_id = t.ticket_id
    where s.ticket_id is null and t.geo_grade in ('A', 'B') and t.lon is not null
),
outdoor as (
    select cell_id, site_id, rat, lon, lat, azimuth_deg, valid_from, valid_to
    from dim_cell
    where lon is not null and site_id is not null and not coalesce(is_indoor, false)
),
sites as (
    select
        site_id, lon, lat, valid_from, valid_to,
        cast(floor(lon * 50) as bigint) as tile_x, cast(floor(lat * 50) as bigint) as tile_y
    from (select distinct site_id, lon, lat, valid_from, valid_to from outdoor) as o
),
steps as (
    select column_0 as step from (values (-2), (-1), (0), (1), (2)) as v (column_0)
),
around as (
    select s.site_id, s.lon, s.lat, s.valid_from, s.valid_to, s.tile_x + x.step as tile_x, s.tile_y + y.step as tile_y
    from sites as s
    cross join steps as x
    cross join steps as y
    where y.step between -1 and 1
),
measured as (
    select
        p.ticket_id, p.accepted_on, p.lon, p.lat, a.site_id, a.lon as site_lon, a.lat as site_lat,
        sqrt(
            power((p.lon - a.lon) * 111320 * cos(radians(p.lat)), 2) + power((p.lat - a.lat) * 110900, 2)
        ) as distance_m
    from placed as p
    join around as a
        on a.tile_x = p.tile_x and a.tile_y = p.tile_y
            and p.accepted_on >= a.valid_from and (a.valid_to is null or p.accepted_on < a.valid_to)
),
nearest as (
    select *
    from measured
    where distance_m <= 2000
    qualify row_number() over (partition by ticket_id order by round(distance_m, 1), site_id) = 1
),
pointing as (
    select
        n.ticket_id, n.accepted_on, o.cell_id,
        row_number() over (
            partition by n.ticket_id
            order by
                case when o.rat = 'LTE' then 0 else 1 end,
                round(abs(
                    (degrees(atan2((n.lon - n.site_lon) * cos(radians(n.lat)), n.lat - n.site_lat))
                        - coalesce(o.azimuth_deg, 0) + 900) % 360 - 180
                ), 3),
                o.cell_id
        ) as place_no
    from nearest as n
    join outdoor as o
        on o.site_id = n.site_id and o.lon = n.site_lon and o.lat = n.site_lat
            and n.accepted_on >= o.valid_from and (o.valid_to is null or n.accepted_on < o.valid_to)
)
select ticket_id, accepted_on, cast(date_trunc('week', accepted_on) as date) as week_start, cell_id, 'served' as put_by
from served
union all
select ticket_id, accepted_on, cast(date_trunc('week', accepted_on) as date) as week_start, cell_id, 'nearest' as put_by
from pointing
where place_no = 1
