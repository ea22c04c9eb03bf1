-- One row per day of acceptance, district, department, level-2 type and length class of the waits to be signed for.
-- Class: L2
-- Counted complaints other than P1 at their first dispatch, once signed for (ACC). wait_class: pick_class of mart_stay.
-- accepted_at: midnight of the day. n_people: tickets that repeat no earlier one, for small groups.
select
    cast(accepted_on as timestamp) as accepted_at,
    type_l1,
    type_code,
    region_code,
    dept,
    pick_class as wait_class,
    count(*) as n_waits,
    cast(count_if(not is_repeat) as bigint) as n_people
from mart_stay
where pick_class is not null and came_by = 'DSP' and coalesce(priority, '') <> 'P1'
group by accepted_on, type_l1, type_code, region_code, dept, pick_class
