-- No ticket was answered before it was accepted.
select ticket_id, accepted_at, feedback_at from fact_ticket where feedback_at < accepted_at
