-- One row per cell and snapshot.
-- Class: L2
select
    cell_id,
    snapshot_on,
    site_id,
    cell_name,
    rat,
    coalesce(region_code, point_region) as region_code,
    town,
    scene,
    lon,
    lat,
    azimuth_deg,
    tilt_deg,
    height_m,
    band,
    bandwidth_mhz,
    is_indoor,
    vendor,
    pci,
    tac,
    on_air_on,
    datum_original
from lake_cell
qualify row_number() over (
    partition by cell_id, snapshot_on
    order by file_on desc, file_id desc, row_no desc
) = 1
