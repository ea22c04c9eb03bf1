-- No ticket is at two departments at once, and no stay ends before it began.
-- Slice: ticket_id
select a.ticket_id, a.visit_no, a.in_at, a.out_at
from fact_dept_dwell as a
left join fact_dept_dwell as b on b.ticket_id = a.ticket_id and b.visit_no = a.visit_no + 1
where a.out_at < a.in_at or a.out_at > b.in_at or (a.out_at is null and b.in_at is not null)
