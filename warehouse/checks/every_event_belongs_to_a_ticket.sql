-- Every event of a log belongs to a ticket of the export.
-- Slice: ticket_id
-- Severity: warning
select ticket_id, event, event_at from fact_ticket_event where not is_known
