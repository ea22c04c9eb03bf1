-- One row per site and ISO week with complaints about the network on its ground.
-- Class: L2
-- The ground of a site: the places nearer to it than to any other, at most 2 km away. A week without a complaint has no
-- row. n_customers: how many people complained.
select
    site_id,
    week_start,
    count(*) as n_tickets,
    count(distinct cust_key) as n_customers
from mart_ticket_site
group by site_id, week_start
