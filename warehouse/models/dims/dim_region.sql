-- One row per region that is seeded or occurs in the data.
-- Class: L1
with seeded as (
    select region_code, zh, en, urban_rural, cast(lon as double) as lon, cast(lat as double) as lat from seed_region
),
found as (
    select region_code from fact_ticket where region_from = 'source'
    union
    select point_region as region_code from fact_ticket
    union
    select region_code from stg_experience_rating
    union
    select region_code from stg_users
),
unknown as (
    select f.region_code
    from found as f
    left join seeded as s on s.region_code = f.region_code
    where s.region_code is null and f.region_code is not null
)
select region_code, zh, en, urban_rural, lon, lat, true as is_seeded from seeded
union all
select
    region_code, region_code as zh, region_code as en, cast(null as string) as urban_rural,
    cast(null as double) as lon, cast(null as double) as lat, false as is_seeded
from unknown
