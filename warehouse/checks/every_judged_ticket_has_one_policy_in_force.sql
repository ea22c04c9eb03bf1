-- Where policies are assigned, every counted ticket has one reply and one final stage in force.
select t.ticket_id, count(s.ticket_id) as n
from fact_ticket as t
left join fact_ticket_judged as s on s.ticket_id = t.ticket_id and s.is_in_force
where t.is_counted and exists (select 1 from seed_assignment as a where t.accepted_at >= a.accepted_from)
group by t.ticket_id
having count(s.ticket_id) <> 2
