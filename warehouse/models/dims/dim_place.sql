-- One row per named place.
-- Class: L1
select
    coalesce(place_id, place_name) as place_id,
    place_name, aliases, en, scene, region_code,
    cast(lon as double) as lon, cast(lat as double) as lat, cast(radius_m as double) as radius_m
from seed_place
