-- One row per cell and version, where it stands.
select cell_id, site_id, lon, lat, azimuth_deg, is_indoor, scene, valid_from, valid_to from dim_cell
