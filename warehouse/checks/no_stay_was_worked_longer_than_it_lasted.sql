-- The time of a stay outside working hours is neither negative nor longer than the stay.
-- Slice: ticket_id
select ticket_id, visit_no, dwell_min, dwell_nonwork_min
from fact_dept_dwell
where dwell_nonwork_min < 0 or dwell_nonwork_min > dwell_min
