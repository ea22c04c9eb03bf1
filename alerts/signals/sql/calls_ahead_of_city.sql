-- One row per instant, a day, if any, and day around it: calls and shifts, three years back and three days ahead.
-- Kind: ahead
-- Days without shifts or calls have none; what an instant may know is told apart by its kind.
with instants as (
    select unnest($instants) as seen_at
),
days as (
    select cast(d as date) as day_on
    from (
        select unnest(range(
            date_trunc('day', (select min(seen_at) from instants)) - interval 1098 day,
            date_trunc('day', (select max(seen_at) from instants)) + interval 4 day,
            interval 1 day
        )) as d
    ) as every_day
),
shifts as (
    select
        worked_on,
        sum(n_planned) as n_planned,
        sum(n_present) as n_present,
        sum(n_calls) as n_calls,
        sum(n_answered_15s) as n_answered
    from fact_staffing
    where worked_on >= (select min(day_on) from days) and worked_on <= (select max(day_on) from days)
    group by worked_on
)
select
    d.day_on,
    'CITY' as scope_id,
    coalesce(c.is_holiday, false) as is_holiday,
    coalesce(c.is_makeup_workday, false) as is_makeup,
    s.n_planned,
    s.n_present,
    s.n_calls,
    s.n_answered,
    (select list_sort(list(i.seen_at)) from instants as i where cast(i.seen_at as date) = d.day_on) as seen_ats
from days as d
left join dim_date as c on c.date_on = d.day_on
left join shifts as s on s.worked_on = d.day_on
order by d.day_on
