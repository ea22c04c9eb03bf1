-- One row per point of a test drive, in the order it was driven.
-- Class: L2
select
    test_id, seq, measured_at, operator, rat, cell_id, lon, lat, grid50, grid500, speed_kmh, rsrp_dbm, rsrq_db, sinr_db,
    dl_kbps, ul_kbps
from stg_drive_test
