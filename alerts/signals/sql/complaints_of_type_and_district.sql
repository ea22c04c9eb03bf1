-- One row per instant, type and district: complaints of the last 24 hours against those of earlier days.
-- Kind: poisson
-- Earlier days end at the same hour, are of the same class (workday or not) and lie 3 to 56 days back.
with instants as (
    select unnest($instants) as seen_at
),
looked_at as (
    select min(seen_at) - interval 58 day as since, max(seen_at) as until from instants
),
scopes as (
    select distinct type_l1, region_code from mart_ticket
),
-- Hours of the day that any instant has: at no other an earlier day ends.
ends as (
    select h.day_end, hour(h.day_end) as hour_no, c.is_workday, h.day_end > f.first_at + interval 1 day as is_before
    from (
        select unnest(range(date_trunc('hour', l.since), l.until + interval 1 hour, interval 1 hour)) as day_end
        from looked_at as l
    ) as h
    join (select distinct hour(seen_at) as hour_no from instants) as i on i.hour_no = hour(h.day_end)
    join dim_date as c on c.date_on = cast(h.day_end - interval 1 second as date)
    cross join (select min(accepted_at) as first_at from mart_ticket) as f
),
hours as (
    select
        date_trunc('hour', t.accepted_at) + interval 1 hour as hour_end, t.type_l1, t.region_code, count(*) as n
    from mart_ticket as t
    where t.accepted_at >= (select since from looked_at) and t.accepted_at < (select until from looked_at)
    group by all
),
-- Each hour's complaints come in once and leave a day later: the running sum is that of 24 hours.
steps as (
    select type_l1, region_code, hour_end as step_at, n from hours
    union all
    select type_l1, region_code, hour_end + interval 24 hour as step_at, -n as n from hours
    union all
    select s.type_l1, s.region_code, e.day_end as step_at, 0 as n from ends as e cross join scopes as s
),
running as (
    select
        type_l1, region_code, step_at,
        sum(sum(n)) over (partition by type_l1, region_code order by step_at) as n
    from steps
    group by type_l1, region_code, step_at
),
counted as (
    select e.day_end, e.hour_no, e.is_workday, e.is_before, r.type_l1, r.region_code, r.n
    from running as r
    join ends as e on e.day_end = r.step_at
),
compared as (
    select
        day_end, type_l1, region_code, n as n_now,
        sum(n) filter (where is_before) over earlier as n_earlier,
        count(*) filter (where is_before) over earlier as n_before
    from counted
    window earlier as (
        partition by type_l1, region_code, hour_no, is_workday order by day_end
        range between interval 56 day preceding and interval 3 day preceding
    )
)
select
    i.seen_at,
    c.type_l1 || '/' || c.region_code as scope_id,
    cast(c.n_now as bigint) as n_now,
    coalesce(c.n_earlier, 0) / nullif(c.n_before, 0) as mean_before,
    c.n_before
from instants as i
join compared as c on c.day_end = date_trunc('hour', i.seen_at)
