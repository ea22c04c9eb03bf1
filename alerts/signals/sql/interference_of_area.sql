-- One row per instant and area: the uplink interference that its worst cell had for six hours, in dBm.
-- Kind: level
-- Rolls up: cell_hour_value
select cell_id, hour_end, 1 as n, interference_dbm as seen, null as baseline, round(cast(interference_dbm as double), 3) as value
from cell_hour
