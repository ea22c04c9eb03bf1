-- One row per day of acceptance, week of certainty, level-1 type, channel and lateness of what was told or asked.
-- Class: L2
-- Sums: n, n_yes, n_rated, n_asked, n_closed, n_confirmed, n_said, n_gone, n_called
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For satisfaction over long periods (daily.py). known_week: the Monday of the week in which the result was told or the
-- customer answered, whichever is later: nothing changes after that week.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(
            date_trunc(
                'week', greatest(accepted_at, coalesce(feedback_at, accepted_at), coalesce(surveyed_at, accepted_at))
            ) as date
        ) as known_week,
        feedback_at is not null or (answer_code in (1, 2, 3) and surveyed_at is not null) as is_closed,
        ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who
    from mart_voice
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    type_l1,
    channel_code,
    is_late,
    count(*) as n,
    cast(count_if(coalesce(answer_code = 2 and surveyed_at is not null, false)) as bigint) as n_yes,
    cast(count_if(coalesce(answer_code in (2, 3) and surveyed_at is not null, false)) as bigint) as n_rated,
    cast(count_if(coalesce(answer_code in (1, 2, 3) and surveyed_at is not null, false)) as bigint) as n_asked,
    cast(count_if(coalesce(is_closed, false)) as bigint) as n_closed,
    cast(count_if(coalesce(is_confirmed and surveyed_at is not null, false)) as bigint) as n_confirmed,
    cast(count_if(coalesce(is_confirmed is not null and surveyed_at is not null, false)) as bigint) as n_said,
    cast(count_if(coalesce(is_number_gone and surveyed_at is not null, false)) as bigint) as n_gone,
    cast(count_if(coalesce(is_number_gone is not null and surveyed_at is not null, false)) as bigint) as n_called,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by accepted_on, known_week, type_l1, channel_code, is_late
