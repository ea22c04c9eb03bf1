-- Every counted ticket stands in the mart exactly once.
select t.ticket_id, count(m.ticket_id) as n
from fact_ticket as t
left join mart_ticket as m on m.ticket_id = t.ticket_id
where t.is_counted
group by t.ticket_id
having count(m.ticket_id) <> 1
