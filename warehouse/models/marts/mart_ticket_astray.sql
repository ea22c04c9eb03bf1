-- One row per counted complaint that was sent back, returned, reopened, went round or was passed on three times.
-- Class: L2
-- Slice: ticket_id
-- Order: accepted_at
-- Rows of mart_ticket, for lists of what went astray (flow.py).
select *
from mart_ticket
where n_transfers >= 3 or n_rejects > 0 or n_loops > 0 or n_bounces > 0 or n_reopens > 0
