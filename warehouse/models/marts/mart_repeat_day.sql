-- One row per day of acceptance, day of certainty, level-1 type, district, department and answer of counted complaints.
-- Class: L2
-- Sums: n, n_repeat, n_back, n_answered, n_back_7d, n_answered_7d, n_first_7d, n_judged_7d
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For figures over long periods (daily.py). known_on: the day by which it is known for good whether the customer came
-- back, 30 days after acceptance and 7 days after the answer, whichever is later.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(greatest(matured_at, coalesce(answered_7d_at, matured_at)) as date) as known_on,
        ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who
    from mart_repeat
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_on,
    type_l1,
    region_code,
    owner_dept,
    answer_kind,
    count(*) as n,
    cast(count_if(coalesce(is_repeat, false)) as bigint) as n_repeat,
    cast(count_if(coalesce(is_back_after_answer, false)) as bigint) as n_back,
    cast(count_if(coalesce(feedback_at <= matured_at, false)) as bigint) as n_answered,
    cast(count_if(coalesce(is_back_7d and answered_7d_at is not null, false)) as bigint) as n_back_7d,
    cast(count_if(coalesce(answered_7d_at is not null, false)) as bigint) as n_answered_7d,
    cast(count_if(coalesce(is_first_solved and answered_7d_at is not null, false)) as bigint) as n_first_7d,
    cast(count_if(is_first_solved is not null and answered_7d_at is not null) as bigint) as n_judged_7d,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by accepted_on, known_on, type_l1, region_code, owner_dept, answer_kind
