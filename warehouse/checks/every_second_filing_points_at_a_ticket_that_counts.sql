-- Every second filing belongs to a case whose first filing counts.
-- Slice: ticket_id
select t.ticket_id, t.case_id
from fact_ticket as t
left join fact_ticket as h on h.ticket_id = t.case_id and h.is_counted
where t.is_duplicate and h.ticket_id is null
