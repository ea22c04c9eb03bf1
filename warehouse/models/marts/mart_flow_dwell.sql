-- One row per day of acceptance, department and length class of the stays of counted complaints.
-- Class: L2
-- For dwell times over long periods (daily.py). Columns as in mart_flow_stay, of all types and districts.
select
    accepted_at,
    dept,
    wait_class,
    cast(sum(n_stays) as bigint) as n_stays,
    cast(sum(cast(round(dwell_min * 60) as bigint)) as double) / 60 as dwell_min,
    cast(sum(n_passed_on) as bigint) as n_passed_on,
    cast(sum(n_people) as bigint) as n_people
from mart_flow_stay
group by accepted_at, dept, wait_class
