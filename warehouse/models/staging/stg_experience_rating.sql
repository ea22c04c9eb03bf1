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
    region_code,
    lon,
    lat
from lake_experience_rating
