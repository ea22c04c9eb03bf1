-- The numbers of a ticket's events rise with their times.
-- Slice: ticket_id
-- Severity: warning
select ticket_id, seq, event_at from fact_ticket_event where is_out_of_order
