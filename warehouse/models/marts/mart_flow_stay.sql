-- One row per day of acceptance, level-1 type, district, department and length class of the stays of counted complaints.
-- Class: L2
-- For dwell times of any period and group without reading tickets (M26, M36). accepted_at: midnight of the day.
-- wait_class as in mart_stay: a quantile read from classes lies within 19 % of the true one, usually within 2 %.
-- dwell_min counts a stay that still lasts up to the instant of the release (n_open). nonwork_min: the part of it
-- outside working hours. n_passed_on: stays that ended by passing the ticket on or sending it back.
-- n_people: tickets at their first stay here that repeat no earlier one, for small groups.
-- Whole seconds are added: sums of fractions hang on the order of rows.
select
    accepted_at,
    type_l1,
    region_code,
    dept,
    wait_class,
    count(*) as n_stays,
    cast(sum(cast(round(dwell_min * 60) as bigint)) as double) / 60 as dwell_min,
    cast(sum(cast(round(nonwork_min * 60) as bigint)) as double) / 60 as nonwork_min,
    cast(count_if(is_open) as bigint) as n_open,
    cast(count_if(coalesce(left_by in ('TRANSFER', 'REJECT'), false)) as bigint) as n_passed_on,
    cast(sum(n_people) as bigint) as n_people
from mart_stay
group by accepted_at, type_l1, region_code, dept, wait_class
