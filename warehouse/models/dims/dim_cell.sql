-- One row per cell and validity interval.
-- Class: L2
with snapshots as (
    select
        *,
        lag(cell_name) over (partition by cell_id order by snapshot_on) as name_before,
        lag(lon) over (partition by cell_id order by snapshot_on) as lon_before,
        lag(lat) over (partition by cell_id order by snapshot_on) as lat_before,
        lag(azimuth_deg) over (partition by cell_id order by snapshot_on) as azimuth_before,
        lag(snapshot_on) over (partition by cell_id order by snapshot_on) as before_on
    from stg_cell
),
changes as (
    select * from snapshots
    where before_on is null
        or coalesce(cell_name, '') <> coalesce(name_before, '')
        or coalesce(lon, 0) <> coalesce(lon_before, 0)
        or coalesce(lat, 0) <> coalesce(lat_before, 0)
        or coalesce(azimuth_deg, -1) <> coalesce(azimuth_before, -1)
),
last_seen as (
    select cell_id, max(snapshot_on) as last_on from stg_cell group by cell_id
),
following as (
    select c.cell_id, c.snapshot_on, min(n.snapshot_on) as gone_on
    from last_seen as l
    join changes as c on c.cell_id = l.cell_id
    join (select distinct snapshot_on from stg_cell) as n on n.snapshot_on > l.last_on
    group by c.cell_id, c.snapshot_on
)
select
    c.cell_id, c.site_id, c.cell_name, c.rat, c.region_code, c.town, c.scene, c.lon, c.lat,
    c.azimuth_deg, c.tilt_deg, c.height_m, c.band, c.bandwidth_mhz, c.is_indoor, c.vendor, c.pci, c.tac, c.on_air_on,
    c.datum_original,
    c.snapshot_on as valid_from,
    coalesce(lead(c.snapshot_on) over (partition by c.cell_id order by c.snapshot_on), f.gone_on) as valid_to
from changes as c
left join following as f on f.cell_id = c.cell_id and f.snapshot_on = c.snapshot_on
