-- One row per day of acceptance, type, department and class of the wait to be signed for of counted complaints.
-- Class: L2
-- Sums: n_picks, n_people
-- For what is taken up first over long periods (daily.py): stays that a dispatch began and that were signed for, of
-- tickets other than those of priority P1. All other columns as in mart_stay.
select
    accepted_at,
    type_l1,
    type_code,
    dept,
    pick_class,
    count(*) as n_picks,
    cast(sum(n_people) as bigint) as n_people
from mart_stay
where pick_class is not null and came_by = 'DSP' and coalesce(priority, '') <> 'P1'
group by accepted_at, type_l1, type_code, dept, pick_class
