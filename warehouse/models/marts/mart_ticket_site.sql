-- One row per counted complaint about the network whose place is known (grades A and B) and lies within 2 km of a site.
-- Class: L2
-- Slice: ticket_id
-- site_id: of all sites ever known the nearest, whether on air that day or not. So the ground of a site is the same
-- before and after it opens or changes, grounds do not overlap, and a complaint is counted for one site only.
-- Tiles of 0.02 degrees (at least 2 km up to 25 degrees of latitude) spare measuring to every site of the city; nearer
-- the poles they get narrower, so the two beside are looked at too.
with complaints as (
    select
        ticket_id, cust_key, accepted_on, lon, lat,
        cast(floor(lon * 50) as bigint) as tile_x, cast(floor(lat * 50) as bigint) as tile_y
    from fact_ticket
    where is_counted and type_l1 = 'NET' and geo_grade in ('A', 'B') and lon is not null
),
sites as (
    select
        site_id, lon, lat, cast(floor(lon * 50) as bigint) as tile_x, cast(floor(lat * 50) as bigint) as tile_y
    from dim_site
    where lon is not null
),
steps as (
    select column_0 as step from (values (-2), (-1), (0), (1), (2)) as v (column_0)
),
around as (
    select s.site_id, s.lon, s.lat, s.tile_x + x.step as tile_x, s.tile_y + y.step as tile_y
    from sites as s
    cross join steps as x
    cross join steps as y
    where y.step between -1 and 1
),
measured as (
    select
        c.ticket_id, c.cust_key, c.accepted_on, a.site_id,
        sqrt(
            power((c.lon - a.lon) * 111320 * cos(radians(c.lat)), 2) + power((c.lat - a.lat) * 110900, 2)
        ) as distance_m
    from complaints as c
    join around as a on a.tile_x = c.tile_x and a.tile_y = c.tile_y
)
select
    ticket_id, cust_key, accepted_on, cast(date_trunc('week', accepted_on) as date) as week_start, site_id,
    round(distance_m, 1) as distance_m
from measured
where distance_m <= 2000
qualify row_number() over (partition by ticket_id order by round(distance_m, 1), site_id) = 1
