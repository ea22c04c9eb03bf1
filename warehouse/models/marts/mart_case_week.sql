-- One row per case and week around it: complaints of the surroundings.
-- Class: L1; L2 n_complaints, n_customers
-- At the case's place or hall all complaints of its level-1 type; where it names neither, all of its level-2 type in the
-- workspace. n_told is the number that may be told to anybody: missing under five customers.
with spans as (
    select
        case_id,
        cast(plus_minutes(min(step_at), -28 * 1440) as date) as first_on,
        cast(plus_minutes(max(step_at), 21 * 1440) as date) as last_on
    from mart_case_step
    where lane <> 'network'
    group by case_id
),
near as (
    select s.case_id, d.week_start, t.ticket_id, coalesce(t.cust_key, t.ticket_id) as who
    from seed_case as s
    join spans as w on w.case_id = s.case_id
    join dim_type as y on y.type_code = s.type_code
    join fact_ticket as t
        on t.is_counted and t.type_l1 = y.type_l1
        and (t.place_id = s.place_id or t.hall_id = s.hall_id
            or s.place_id is null and s.hall_id is null and t.type_code = s.type_code)
    join dim_date as d on d.date_on = t.accepted_on
    where t.accepted_on between w.first_on and w.last_on
),
weeks as (
    select w.case_id, d.week_start
    from spans as w
    join dim_date as d on d.date_on between w.first_on and w.last_on
    group by w.case_id, d.week_start
),
counted as (
    select w.case_id, w.week_start, count(n.ticket_id) as n_complaints, count(distinct n.who) as n_customers
    from weeks as w
    left join near as n on n.case_id = w.case_id and n.week_start = w.week_start
    group by w.case_id, w.week_start
)
select
    case_id, week_start, n_complaints, n_customers,
    case when n_customers = 0 or n_customers >= 5 then n_complaints end as n_told
from counted
