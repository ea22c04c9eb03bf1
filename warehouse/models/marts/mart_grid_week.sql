-- One row per week, kind of map cell and cell with a complaint about the network in the 30 days before the week's end.
-- Class: L1
-- kind: h3_8 (cell is its name) or grid500 (cell is column,row from the grid origin); lon, lat: its middle. Customers
-- against what the cell's own 12 weeks before and its district lead one to expect; missing while history is short.
select
    week_start, kind, cell, region_code, lon, lat, n_tickets, n_customers, expected, n_customers - expected as excess,
    p_value
from made_grid_week
