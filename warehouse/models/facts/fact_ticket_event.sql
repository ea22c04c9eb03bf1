-- One row per event of a ticket.
-- Class: L2; L3 staff_key, note_scrubbed
-- Slice: ticket_id
select ticket_id, seq, event_at, event, from_dept, to_dept, staff_key, is_substantive, note_scrubbed
from stg_ticket_event
