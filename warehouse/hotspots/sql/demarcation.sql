-- One row per hotspot and cause that a probe system found for its tickets.
select t.spot_no, d.cause_code, count(distinct t.ticket_id) as n
from hot_ticket as t
join fact_demarcation as d on d.ticket_id = t.ticket_id
where d.cause_code is not null
group by t.spot_no, d.cause_code
