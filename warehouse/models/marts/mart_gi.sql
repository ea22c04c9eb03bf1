-- One row per week and 500 m square that is or was a hot or cold spot of complaints about the network.
-- Class: L1
-- gi_class: emerging hot spot class (hot_new … hot_historical, cold_ likewise) of the last ten bins of 28 days that end with
-- the week (n_bins: how many there were). z: Gi* of the newest bin within 1 km, against all squares where anybody was ever
-- located; n_tickets in it. trend_z, trend_p: Mann-Kendall over the bins. Counts show where people live, too: read it beside
-- the excess of mart_grid_week.
select week_start, cell, region_code, lon, lat, n_tickets, z, gi_class, n_bins, trend_z, trend_p from made_gi
