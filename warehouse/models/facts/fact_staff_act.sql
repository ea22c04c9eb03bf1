-- One row per person, department and kind of work that a ticket's log or its intake names.
-- Class: L2; L3 staff_key
-- Sums: n_acts
-- dept_code: the department that sends, where the event names one, else the one that has the ticket; UNKNOWN where it
-- names none. role: intake (took the complaint in, classified it), handling (examined, planned, solved), other.
with acts as (
    select
        staff_key,
        coalesce(from_dept, to_dept, 'UNKNOWN') as dept_code,
        case
            when event in ('ACP', 'REG', 'CLS') then 'intake'
            when event in ('INV', 'PLN', 'RES') then 'handling'
            else 'other'
        end as role
    from fact_ticket_event
    where staff_key is not null
    union all
    select intake_staff as staff_key, 'UNKNOWN' as dept_code, 'intake' as role
    from fact_ticket
    where intake_staff is not null
)
select staff_key, dept_code, role, count(*) as n_acts
from acts
group by staff_key, dept_code, role
