-- One row per 50 m cell, zone and district where anybody was located since the first day that the weeks look back to,
-- whatever the complaint: where people live.
select
    t.grid50,
    coalesce(list_contains($urban, coalesce(t.urban_rural, r.urban_rural)), false) as is_urban,
    coalesce(t.region_code, '') as region_code, min(t.accepted_on) as first_on
from fact_ticket as t
left join dim_region as r on r.region_code = t.region_code
where list_contains($grades, t.geo_grade) and t.grid50 is not null and t.accepted_at >= $since and t.accepted_at < $until
group by all
