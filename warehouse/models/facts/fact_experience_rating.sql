-- One row per rating as sent; the source has no id, so equal lines are kept and counted.
-- Class: L2; L3 lon, lat
select
    e.period_month, e.rated_at, e.operator, e.network, e.situation, e.rating, e.category,
    coalesce(e.region_code, 'UNKNOWN') as region_code, e.lon, e.lat, e.grid500, e.h3_8, e.h3_9,
    e.rating >= r.satisfied_from_rating as is_satisfied,
    row_number() over (
        partition by e.period_month, e.operator, e.network, e.situation, e.rating, e.category, e.region_code, e.lon, e.lat
        order by e.file_id, e.row_no
    ) > 1 as is_exact_duplicate
from stg_experience_rating as e
cross join run as r
