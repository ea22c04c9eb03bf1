-- How many people complained on some grounds, each in a time of its own.
with asked as (
    select unnest($grounds) as ground, unnest($sites) as site_id, unnest($firsts) as first_on, unnest($ends) as end_on
)
select a.ground, count(distinct s.cust_key) as n
from asked as a
join mart_ticket_site as s on s.site_id = a.site_id and s.week_start >= a.first_on and s.week_start < a.end_on
group by a.ground
