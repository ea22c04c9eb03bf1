-- One row per person who took tickets in or worked on them, by pseudonym.
-- Class: L3
-- dept_code: where most of the person's work was done; UNKNOWN where no source tells. role: intake or handling, whichever
-- there is more of, or other. n_acts: events in logs and complaints taken in. No source tells teams or halls of people.
with depts as (
    select staff_key, dept_code, sum(n_acts) as n_acts
    from fact_staff_act
    group by staff_key, dept_code
),
roles as (
    select staff_key, role, sum(n_acts) as n_acts
    from fact_staff_act
    group by staff_key, role
),
main_dept as (
    select staff_key, dept_code from depts
    qualify row_number() over (
        partition by staff_key order by dept_code = 'UNKNOWN', n_acts desc, dept_code
    ) = 1
),
main_role as (
    select staff_key, role from roles
    qualify row_number() over (
        partition by staff_key order by role = 'other', n_acts desc, role
    ) = 1
),
totals as (
    select staff_key, cast(sum(n_acts) as bigint) as n_acts from fact_staff_act group by staff_key
)
select t.staff_key, d.dept_code, r.role, t.n_acts
from totals as t
join main_dept as d on d.staff_key = t.staff_key
join main_role as r on r.staff_key = t.staff_key
