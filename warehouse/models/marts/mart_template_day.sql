-- One row per day of acceptance, week of certainty, level-1 type and use of a template of counted complaints.
-- Class: L2
-- Sums: n, n_back, n_answered, n_by_template, n_told
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For what templates bring over long periods (daily.py). known_week: the Monday of the week by which it is known for good
-- whether the customer came back and whether the result was told. n_told: told, where there are templates at all.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(date_trunc('week', greatest(matured_at, coalesce(feedback_at, matured_at))) as date) as known_week,
        ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who
    from mart_repeat
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    type_l1,
    is_by_template,
    count(*) as n,
    cast(count_if(coalesce(is_back_after_answer, false)) as bigint) as n_back,
    cast(count_if(coalesce(feedback_at <= matured_at, false)) as bigint) as n_answered,
    cast(count_if(coalesce(is_by_template and feedback_at is not null, false)) as bigint) as n_by_template,
    cast(count_if(coalesce(is_by_template is not null and feedback_at is not null, false)) as bigint) as n_told,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by accepted_on, known_week, type_l1, is_by_template
