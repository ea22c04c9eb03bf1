-- One row per day of acceptance, week of certainty, level-1 type, district and department of counted complaints.
-- Class: L2
-- Sums: n, n_on_time, n_due, n_done, done_s, net_s
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For timeliness and handling times over long periods (daily.py). known_week: the Monday of the week in which the result
-- was told, in which it is due where it was not, or of the acceptance where it never will be: nothing changes after it.
-- done_s, net_s: seconds to the result told, with and without pauses. who_*: complaints by the last character of the
-- customer, in eighths: as many customers as there are eighths with one, at least. accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(
            date_trunc('week', greatest(accepted_at, coalesce(feedback_at, due_at, accepted_at))) as date
        ) as known_week,
        ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who
    from mart_ticket
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    type_l1,
    region_code,
    owner_dept,
    count(*) as n,
    cast(count_if(coalesce(feedback_at <= due_at, false)) as bigint) as n_on_time,
    cast(count_if(coalesce(feedback_at is not null or due_at is not null, false)) as bigint) as n_due,
    cast(count_if(coalesce(feedback_at is not null, false)) as bigint) as n_done,
    cast(sum(coalesce(cast(round(handling_hours * 3600) as bigint), 0)) as bigint) as done_s,
    cast(sum(coalesce(cast(round(net_hours * 3600) as bigint), 0)) as bigint) as net_s,
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
