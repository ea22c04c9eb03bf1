-- One row per rating as sent.
-- Class: L2; L3 lon, lat
select
    file_id,
    row_no,
    period_month,
    rated_at,
    operator,
    network,
    situation,
    rating,
    category,
    coalesce(region_code, point_region) as region_code,
    lon,
    lat,
    grid500,
    h3_8,
    h3_9
from lake_experience_rating
