-- One row per hexagon and district where anybody was located since the first day that the weeks look back to.
select t.h3_8, coalesce(t.region_code, '') as region_code, min(t.accepted_on) as first_on
from fact_ticket as t
where list_contains($grades, t.geo_grade) and t.h3_8 is not null and t.accepted_at >= $since and t.accepted_at < $until
group by all
