-- One row per day of acceptance, week of certainty, level-1 type, district and answering department of answered tickets.
-- Class: L2
-- Sums: n, n_answered, n_quick, n_limited, n_solved, n_yes, n_rated, n_informed, n_watched, n_kept, n_told, n_timed, own_s
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For the assessment over long periods (daily.py). known_week: the Monday of the week of the last of acceptance, answer,
-- result told, reopening and survey: nothing changes after it. own_s: seconds at the department, of n_timed tickets.
-- who_*: tickets by the last character of the customer, in eighths: as many customers as there are eighths with one,
-- at least. accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(
            date_trunc(
                'week',
                greatest(
                    accepted_at,
                    coalesce(answered_at, accepted_at),
                    coalesce(feedback_at, accepted_at),
                    coalesce(reopened_at, accepted_at),
                    coalesce(surveyed_at, accepted_at)
                )
            ) as date
        ) as known_week,
        case when answered_at is not null then cast(round(own_hours * 3600) as bigint) end as own_s,
        coalesce(is_reopened_7d and reopened_at is not null, false) as is_back,
        ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who
    from mart_handled
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    type_l1,
    region_code,
    owner_dept,
    count(*) as n,
    cast(count_if(coalesce(answered_at is not null, false)) as bigint) as n_answered,
    cast(count_if(coalesce(own_first_minutes <= reply_limit_min and answered_at is not null, false)) as bigint) as n_quick,
    cast(count_if(coalesce(reply_limit_min is not null and answered_at is not null, false)) as bigint) as n_limited,
    cast(count_if(coalesce(is_solved and answered_at is not null and not is_back, false)) as bigint) as n_solved,
    cast(count_if(coalesce(answer_code = 2 and surveyed_at is not null, false)) as bigint) as n_yes,
    cast(count_if(coalesce(answer_code in (2, 3) and surveyed_at is not null, false)) as bigint) as n_rated,
    cast(count_if(coalesce(is_informed and answered_at is not null, false)) as bigint) as n_informed,
    cast(count_if(coalesce(is_informed is not null and answered_at is not null, false)) as bigint) as n_watched,
    cast(count_if(coalesce(feedback_at is not null and not is_back, false)) as bigint) as n_kept,
    cast(count_if(coalesce(feedback_at is not null, false)) as bigint) as n_told,
    cast(count_if(coalesce(own_hours is not null and answered_at is not null, false)) as bigint) as n_timed,
    cast(sum(coalesce(own_s, 0)) as bigint) as own_s,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by accepted_on, known_week, type_l1, region_code, owner_dept
