-- One row per district, named place or hall, type of complaint and ISO week with complaints there.
-- Class: L2
-- What measures of improvement are judged by. A week without a complaint has no row. n_tickets: counted complaints.
with tickets as (
    select t.region_code, f.place_id, f.hall_id, t.week_start, t.type_l1, t.type_code
    from mart_ticket as t
    inner join fact_ticket as f on f.ticket_id = t.ticket_id
)
select 'region' as scope_kind, region_code as scope_id, week_start, type_l1, type_code, count(*) as n_tickets
from tickets
group by region_code, week_start, type_l1, type_code
union all
select 'place' as scope_kind, place_id as scope_id, week_start, type_l1, type_code, count(*) as n_tickets
from tickets
where place_id is not null
group by place_id, week_start, type_l1, type_code
union all
select 'hall' as scope_kind, hall_id as scope_id, week_start, type_l1, type_code, count(*) as n_tickets
from tickets
where hall_id is not null
group by hall_id, week_start, type_l1, type_code
