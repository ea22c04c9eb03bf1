-- One row per hotspot, week and square of which it consists.
-- Class: L2
-- grid_m: 250 in town, 500 in the country; column_no, row_no count from the workspace's grid origin; lon, lat: the middle.
select hotspot_id, week_start, grid_m, column_no, row_no, lon, lat, n_customers from made_hotspot_grid
