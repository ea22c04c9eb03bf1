-- One row per day on which complaints came to lie open or no longer did, level-1 type and district.
-- Class: L2
-- Sums: n_steps, n_open, n_overdue, n_due_today
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For what is open at the hour of the release on any day (open_days.py), which is the hour of every cut-off the pages ask
-- for: n_open, n_overdue and who_* added up over all days until one are what was open, and overdue, then. n_due_today
-- is of its day alone.
-- known_on: the first day at whose hour a step counts. n_steps: steps of complaints, not complaints. who_*: complaints by
-- the last character of the customer, in eighths: as many customers as there are eighths with one, at least.
with known as (
    select
        t.type_l1, t.region_code,
        cast(t.due_at as date) as due_on,
        ascii(right(coalesce(t.cust_key, t.ticket_id), 1)) % 8 as who,
        hour_day(t.accepted_at, c.hour_s) as accepted_by,
        hour_day(t.feedback_at, c.hour_s) as told_by,
        cast(plus_seconds(t.due_at, 86400 - c.hour_s) as date) as late_on
    from mart_ticket as t
    cross join seed_hour as c
),
-- What was told before the hour of any day came was never open at one.
lying as (
    select
        *,
        greatest(accepted_by, late_on) as overdue_by,
        told_by is null or told_by > greatest(accepted_by, late_on) as is_overdue
    from known
    where told_by is null or told_by > accepted_by
),
steps as (
    select type_l1, region_code, accepted_by as known_on, 1 as n_open, 0 as n_overdue, 0 as n_due_today, who, 1 as n
    from lying
    union all
    select type_l1, region_code, told_by, -1, case when late_on is not null and is_overdue then -1 else 0 end, 0, who, -1
    from lying
    where told_by is not null
    union all
    select type_l1, region_code, overdue_by, 0, 1, 0, 8, 0
    from lying
    where late_on is not null and is_overdue
    union all
    select type_l1, region_code, due_on, 0, 0, 1, 8, 0
    from lying
    where late_on > due_on and accepted_by <= due_on and (told_by is null or told_by > due_on)
)
select
    known_on,
    type_l1,
    region_code,
    count(*) as n_steps,
    cast(sum(n_open) as bigint) as n_open,
    cast(sum(n_overdue) as bigint) as n_overdue,
    cast(sum(n_due_today) as bigint) as n_due_today,
    cast(sum(case when who = 0 then n else 0 end) as bigint) as who_0,
    cast(sum(case when who = 1 then n else 0 end) as bigint) as who_1,
    cast(sum(case when who = 2 then n else 0 end) as bigint) as who_2,
    cast(sum(case when who = 3 then n else 0 end) as bigint) as who_3,
    cast(sum(case when who = 4 then n else 0 end) as bigint) as who_4,
    cast(sum(case when who = 5 then n else 0 end) as bigint) as who_5,
    cast(sum(case when who = 6 then n else 0 end) as bigint) as who_6,
    cast(sum(case when who = 7 then n else 0 end) as bigint) as who_7
from steps
group by known_on, type_l1, region_code
