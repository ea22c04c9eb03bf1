-- One row per day of acceptance, day on which something became known, level-1 type and district of counted complaints.
-- Class: L2
-- Sums: n_steps, n, n_repeat, n_escalated, n_on_time, n_due, n_late, n_solved, n_yes, n_rated
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For outcomes at the hour of the release on any day (daily.py), which is the hour of every cut-off the pages ask for:
-- what is counted up to a day, added up, is what was known then. known_on: the first day at whose hour a step counts. What
-- happened at the hour itself counts, and a limit counts after it.
-- n_steps: steps of complaints, not complaints. n_solved: those solved less those reopened within 7 days after it.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with known as (
    select
        t.accepted_on, t.type_l1, t.region_code, t.feedback_at, t.reopened_at, t.surveyed_at, t.due_at,
        t.is_repeat, t.is_escalated, t.is_reopened_7d, t.answer_code,
        coalesce(t.is_solved and (not t.is_reopened_7d or t.reopened_at is not null), false) as is_once_solved,
        ascii(right(coalesce(t.cust_key, t.ticket_id), 1)) % 8 as who,
        hour_day(t.accepted_at, c.hour_s) as accepted_by,
        hour_day(t.feedback_at, c.hour_s) as told_by,
        hour_day(t.reopened_at, c.hour_s) as reopened_by,
        hour_day(t.surveyed_at, c.hour_s) as asked_by,
        cast(plus_seconds(t.due_at, 86400 - c.hour_s) as date) as late_on
    from mart_ticket as t
    cross join seed_hour as c
),
steps as (
    select
        accepted_on, type_l1, region_code, accepted_by as known_on, 1 as n,
        case when is_repeat then 1 else 0 end as n_repeat,
        case when is_escalated then 1 else 0 end as n_escalated,
        0 as n_on_time, 0 as n_due, 0 as n_late,
        case when is_once_solved and feedback_at is null then 1 else 0 end as n_solved,
        0 as n_yes, 0 as n_rated, who
    from known
    union all
    select
        accepted_on, type_l1, region_code, greatest(accepted_by, told_by), 0, 0, 0,
        case when feedback_at <= due_at then 1 else 0 end,
        case when due_at is null or told_by <= late_on then 1 else 0 end,
        0,
        case when is_once_solved then 1 else 0 end,
        0, 0, 8
    from known
    where feedback_at is not null
    union all
    select
        accepted_on, type_l1, region_code, greatest(accepted_by, late_on), 0, 0, 0, 0,
        case when feedback_at is null or late_on < told_by then 1 else 0 end,
        1, 0, 0, 0, 8
    from known
    where due_at is not null and (feedback_at is null or due_at < feedback_at)
    union all
    select
        accepted_on, type_l1, region_code,
        greatest(accepted_by, coalesce(told_by, accepted_by), reopened_by), 0, 0, 0, 0, 0, 0, -1, 0, 0, 8
    from known
    where is_once_solved and reopened_at is not null and coalesce(is_reopened_7d, true)
    union all
    select
        accepted_on, type_l1, region_code, greatest(accepted_by, asked_by), 0, 0, 0, 0, 0, 0, 0,
        case when answer_code = 2 then 1 else 0 end, 1, 8
    from known
    where answer_code in (2, 3) and surveyed_at is not null
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_on,
    type_l1,
    region_code,
    count(*) as n_steps,
    cast(sum(n) as bigint) as n,
    cast(sum(n_repeat) as bigint) as n_repeat,
    cast(sum(n_escalated) as bigint) as n_escalated,
    cast(sum(n_on_time) as bigint) as n_on_time,
    cast(sum(n_due) as bigint) as n_due,
    cast(sum(n_late) as bigint) as n_late,
    cast(sum(n_solved) as bigint) as n_solved,
    cast(sum(n_yes) as bigint) as n_yes,
    cast(sum(n_rated) as bigint) as n_rated,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from steps
group by accepted_on, known_on, type_l1, region_code
