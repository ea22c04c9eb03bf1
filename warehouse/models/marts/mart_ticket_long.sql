-- One row per counted complaint that took longer than three days, or that has no answer yet.
-- Class: L2
-- Slice: ticket_id
-- Order: feedback_at
-- Rows of mart_ticket. What was open at a moment is among these or was accepted in the days before (selects.py).
select *
from mart_ticket
where handling_hours > 72 or handling_hours is null
