-- One row per day of acceptance, level-1 type, district and move of counted complaints between two departments.
-- Class: L2
-- came_by: the event that moved them (DSP, TRANSFER, REJECT, REOPEN). to_dept DONE: the department that had the ticket
-- when its result was told. accepted_at: midnight of the day. n_people: tickets that repeat no earlier one.
with tickets as (
    select ticket_id, accepted_on, type_l1, region_code, is_repeat, feedback_at from mart_ticket
),
moves as (
    select ticket_id, dept_before as from_dept, dept as to_dept, came_by
    from fact_ticket_handover
    where dept_before is not null and dept_before <> dept
    union all
    select h.ticket_id, h.dept as from_dept, 'DONE' as to_dept, 'FBK' as came_by
    from fact_ticket_handover as h
    join tickets as t on t.ticket_id = h.ticket_id
    where h.next_in_at is null and t.feedback_at is not null
)
select
    cast(t.accepted_on as timestamp) as accepted_at,
    t.type_l1,
    t.region_code,
    m.from_dept,
    m.to_dept,
    m.came_by,
    count(*) as n_moves,
    count(distinct case when not t.is_repeat then m.ticket_id end) as n_people
from moves as m
join tickets as t on t.ticket_id = m.ticket_id
group by t.accepted_on, t.type_l1, t.region_code, m.from_dept, m.to_dept, m.came_by
