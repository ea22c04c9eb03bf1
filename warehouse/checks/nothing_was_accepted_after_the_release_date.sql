-- No ticket was accepted after the instant the release speaks of.
-- Slice: ticket_id
-- Severity: warning
select t.ticket_id, t.accepted_at from fact_ticket as t cross join run as r where t.accepted_at > r.as_of
