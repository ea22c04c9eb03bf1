-- No ticket was answered before it was accepted.
-- Slice: ticket_id
select ticket_id, accepted_at, feedback_at from fact_ticket where feedback_at < accepted_at
