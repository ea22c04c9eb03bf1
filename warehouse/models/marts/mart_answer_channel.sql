-- One row per day of acceptance, week of the answer, channel and district of counted complaints.
-- Class: L2
-- Sums: n, n_yes, n_rated, n_asked
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For satisfaction over long periods (daily.py). known_week: the Monday of the week in which the customer
-- answered, or in which the complaint was accepted where nobody did: nothing changes after that week.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(date_trunc('week', greatest(accepted_at, coalesce(surveyed_at, accepted_at))) as date) as known_week,
        ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who
    from mart_ticket
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    channel_code,
    region_code,
    count(*) as n,
    cast(count_if(coalesce(answer_code = 2 and surveyed_at is not null, false)) as bigint) as n_yes,
    cast(count_if(coalesce(answer_code in (2, 3) and surveyed_at is not null, false)) as bigint) as n_rated,
    cast(count_if(coalesce(answer_code in (1, 2, 3) and surveyed_at is not null, false)) as bigint) as n_asked,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by accepted_on, known_week, channel_code, region_code
