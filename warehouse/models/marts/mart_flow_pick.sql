-- One row per day of acceptance, district, department, level-2 type and length class of the waits to be signed for.
-- Class: L2
-- Counted complaints other than P1 at their first dispatch, once signed for (ACC). wait_class as in mart_flow_stay.
-- accepted_at: midnight of the day. n_people: tickets that repeat no earlier one, for small groups.
with tickets as (
    select ticket_id, accepted_on, type_l1, type_code, region_code, is_repeat
    from mart_ticket
    where coalesce(priority, '') <> 'P1'
),
picks as (
    select
        t.accepted_on, t.type_l1, t.type_code, t.region_code, t.is_repeat, d.dept,
        cast(floor(4 * ln(greatest(d.first_accept_min, 1)) / 0.6931471805599453) as bigint) as wait_class
    from fact_dept_dwell as d
    join tickets as t on t.ticket_id = d.ticket_id
    where d.first_accept_min is not null and d.came_by = 'DSP'
)
select
    cast(accepted_on as timestamp) as accepted_at,
    type_l1,
    type_code,
    region_code,
    dept,
    wait_class,
    count(*) as n_waits,
    cast(count_if(not is_repeat) as bigint) as n_people
from picks
group by accepted_on, type_l1, type_code, region_code, dept, wait_class
