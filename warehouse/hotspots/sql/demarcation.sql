-- One row per hotspot and cause that a probe system found for its tickets.
select t.spot_no, d.cause_code, count(distinct t.ticket_no) as n
from fact_demarcation as d
join hot_all as a on a.ticket_id = d.ticket_id
join hot_ticket as t on t.ticket_no = a.ticket_no
where d.cause_code is not null
group by t.spot_no, d.cause_code
