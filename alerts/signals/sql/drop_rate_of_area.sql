-- One row per instant and area: the share of connections that broke off, in the better of two hours.
-- Kind: level
-- Rolls up: cell_hour_value
select cell_id, hour_end, n_releases as n, dropped as seen, null as baseline, round(cast(dropped as double), 6) as value
from cell_hour
