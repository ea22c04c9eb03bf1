-- One row per point of a test drive: of a drive sent again only the newest file counts.
-- Class: L2
-- Tools repeat a stamp within a second and give no number, so a point is known by its place in the file.
select
    test_id,
    row_no as seq,
    measured_at,
    operator,
    rat,
    cell_id,
    lon,
    lat,
    grid50,
    grid500,
    speed_kmh,
    rsrp_dbm,
    rsrq_db,
    sinr_db,
    dl_kbps,
    ul_kbps
from lake_drive_test
qualify dense_rank() over (
    partition by test_id
    order by file_on desc, file_id desc
) = 1
