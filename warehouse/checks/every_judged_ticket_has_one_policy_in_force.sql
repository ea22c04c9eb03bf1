-- Where policies are assigned, every counted ticket has one reply and one final stage in force.
-- Slice: ticket_id
-- Missing ones and doubled ones are asked for apart: to count all and compare would hold both tables in memory.
select t.ticket_id, 0 as n
from fact_ticket as t
left join fact_ticket_stage as s on s.ticket_id = t.ticket_id and s.is_in_force and s.stage = 'FRS'
where t.is_counted and s.ticket_id is null and exists (select 1 from seed_assignment as a where t.accepted_at >= a.accepted_from)
union all
select t.ticket_id, 0 as n
from fact_ticket as t
left join fact_ticket_stage as s on s.ticket_id = t.ticket_id and s.is_in_force and s.stage = 'FBK'
where t.is_counted and s.ticket_id is null and exists (select 1 from seed_assignment as a where t.accepted_at >= a.accepted_from)
union all
select ticket_id, count(*) as n from fact_ticket_stage where is_in_force group by ticket_id having count(*) > 2
