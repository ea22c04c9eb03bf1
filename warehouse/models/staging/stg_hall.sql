-- One row per business hall.
-- Class: L1
select
    hall_id,
    hall_name,
    coalesce(region_code, point_region) as region_code,
    lon,
    lat,
    opened_on
from lake_hall
qualify row_number() over (
    partition by hall_id
    order by file_on desc, file_id desc, row_no desc
) = 1
