-- No event of a ticket is stamped before its acceptance.
-- Slice: ticket_id
-- Severity: warning
select ticket_id, event, event_at from fact_ticket_event where is_early
