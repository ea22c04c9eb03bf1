-- One row per hotspot and ticket, with the first and last week in whose window it was one of the hotspot's.
-- Class: L2
select hotspot_id, ticket_id, week_first, week_last from made_hotspot_ticket
