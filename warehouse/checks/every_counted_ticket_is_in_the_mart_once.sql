-- Every counted ticket stands in the mart exactly once.
-- Slice: ticket_id
-- Missing ones and doubled ones are asked for apart: to count all and compare would hold both tables in memory.
select t.ticket_id, 0 as n
from fact_ticket as t
left join mart_ticket as m on m.ticket_id = t.ticket_id
where t.is_counted and m.ticket_id is null
union all
select ticket_id, count(*) as n from mart_ticket group by ticket_id having count(*) > 1
