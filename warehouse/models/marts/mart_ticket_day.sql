-- One row per day of acceptance, level-2 type and district of counted complaints.
-- Class: L2
-- Sums: n, n_repeat, n_escalated, n_graded, n_located
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For figures over long periods (daily.py): only what is known at acceptance, so that no later moment changes it.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with tickets as (
    select *, ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who from mart_ticket
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    week_start,
    month_start,
    weekday,
    day_of_month,
    is_month_edge,
    is_workday,
    type_l1,
    type_code,
    region_code,
    count(*) as n,
    cast(count_if(coalesce(is_repeat, false)) as bigint) as n_repeat,
    cast(count_if(coalesce(is_escalated, false)) as bigint) as n_escalated,
    cast(count_if(coalesce(geo_grade in ('A', 'B'), false)) as bigint) as n_graded,
    cast(count_if(coalesce(is_located, false)) as bigint) as n_located,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by
    accepted_on, week_start, month_start, weekday, day_of_month, is_month_edge, is_workday,
    type_l1, type_code, region_code
