-- One row per day of acceptance, level-1 type, district, department and length class of the stays of counted complaints.
-- Class: L2
-- For dwell times of any period and group without reading tickets (M26, M36). accepted_at: midnight of the day.
-- wait_class: quarters of a doubling; class k holds stays of 2^(k/4) up to 2^((k+1)/4) minutes, class 0 also shorter
-- ones. A quantile read from classes lies within 19 % of the true one, usually within 2 %.
-- dwell_min counts a stay that still lasts up to the instant of the release (n_open). nonwork_min: the part of it
-- outside working hours. n_people: tickets at their first stay here that repeat no earlier one, for small groups.
with tickets as (
    select ticket_id, accepted_on, type_l1, region_code, is_repeat from mart_ticket
),
stays as (
    select
        d.ticket_id, d.dept, d.dwell_min, d.dwell_nonwork_min, d.out_at,
        row_number() over (partition by d.ticket_id, d.dept order by d.visit_no) as stay_no
    from fact_dept_dwell as d
    where d.dwell_min is not null
)
select
    cast(t.accepted_on as timestamp) as accepted_at,
    t.type_l1,
    t.region_code,
    s.dept,
    cast(floor(4 * ln(greatest(s.dwell_min, 1)) / 0.6931471805599453) as bigint) as wait_class,
    count(*) as n_stays,
    sum(s.dwell_min) as dwell_min,
    sum(s.dwell_nonwork_min) as nonwork_min,
    cast(count_if(s.out_at is null) as bigint) as n_open,
    cast(count_if(s.stay_no = 1 and not t.is_repeat) as bigint) as n_people
from stays as s
join tickets as t on t.ticket_id = s.ticket_id
group by
    t.accepted_on, t.type_l1, t.region_code, s.dept,
    cast(floor(4 * ln(greatest(s.dwell_min, 1)) / 0.6931471805599453) as bigint)
