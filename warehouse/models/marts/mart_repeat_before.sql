-- One row per day of acceptance, level-1 type, district and what came before, of counted complaints.
-- Class: L2
-- Sums: n, n_repeat
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For figures over long periods (daily.py). What before_dept and before_answer say stands in mart_repeat.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with tickets as (
    select *, ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who from mart_repeat
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    type_l1,
    region_code,
    before_dept,
    before_answer,
    count(*) as n,
    cast(count_if(coalesce(is_repeat, false)) as bigint) as n_repeat,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by accepted_on, type_l1, region_code, before_dept, before_answer
