-- Where policies are assigned, every counted ticket has one reply and one final stage in force.
-- Slice: ticket_id
-- Missing ones and doubled ones are asked for apart: to count all and compare would hold both tables in memory.
with due as (
    select ticket_id
    from fact_ticket as t
    where t.is_counted and exists (select 1 from seed_assignment as a where t.accepted_at >= a.accepted_from)
),
in_force as (
    select ticket_id, stage from fact_ticket_judged where stage in ('FRS', 'FBK')
)
select d.ticket_id, 0 as n
from due as d
left join in_force as s on s.ticket_id = d.ticket_id and s.stage = 'FRS'
where s.ticket_id is null
union all
select d.ticket_id, 0 as n
from due as d
left join in_force as s on s.ticket_id = d.ticket_id and s.stage = 'FBK'
where s.ticket_id is null
union all
select ticket_id, count(*) as n from in_force group by ticket_id having count(*) > 2
