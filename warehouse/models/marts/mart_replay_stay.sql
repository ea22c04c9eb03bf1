-- One row per stay of the complaints of mart_replay_sample at a department.
-- Class: L2
-- Slice: ticket_id
-- Columns as in mart_stay.
select s.ticket_id, s.visit_no, s.accepted_at, s.dept, s.told_s, s.off_s, s.n_off_days
from mart_stay as s
join mart_replay_sample as r on r.ticket_id = s.ticket_id
