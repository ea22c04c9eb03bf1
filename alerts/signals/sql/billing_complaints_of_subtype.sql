-- One row per instant and billing subtype: complaints of the last 24 hours against those of earlier days.
-- Kind: poisson
-- Billing subtypes are those the billing centre answers. Earlier days end at the same hour, are of the same class
-- (workday or not, turn of a month or not: bills come then) and lie 3 to 56 days back.
with instants as (
    select unnest($instants) as seen_at
),
scopes as (
    select type_code from dim_type where owner_dept = $dept
),
days as (
    select i.seen_at, s.day_no, i.seen_at - to_days(cast(s.day_no as integer)) as day_end
    from instants as i
    cross join (select unnest(range(0, 57)) as day_no) as s
    where s.day_no = 0 or s.day_no >= 3
),
classed as (
    select d.*, c.is_workday, c.is_month_start or c.is_month_end as is_edge
    from days as d
    join dim_date as c on c.date_on = cast(d.day_end - interval 1 second as date)
),
like_today as (
    select p.seen_at, p.day_no, p.day_end
    from classed as p
    join classed as t
        on t.seen_at = p.seen_at and t.day_no = 0 and t.is_workday = p.is_workday and t.is_edge = p.is_edge
    where p.day_end > (select min(accepted_at) from mart_ticket) + interval 1 day
),
tickets as (
    select date_trunc('hour', t.accepted_at) + interval 1 hour as hour_end, t.type_code, count(*) as n
    from mart_ticket as t
    join scopes as s on s.type_code = t.type_code
    where t.accepted_at >= (select min(seen_at) from instants) - interval 58 day
        and t.accepted_at < (select max(seen_at) from instants)
    group by all
),
counted as (
    select l.seen_at, l.day_no, h.type_code, sum(h.n) as n
    from like_today as l
    join tickets as h on h.hour_end <= l.day_end and h.hour_end > l.day_end - interval 24 hour
    group by all
),
n_days as (
    select seen_at, count(*) filter (where day_no > 0) as n_before from like_today group by seen_at
)
select
    d.seen_at,
    s.type_code as scope_id,
    cast(coalesce(sum(c.n) filter (where c.day_no = 0), 0) as bigint) as n_now,
    coalesce(sum(c.n) filter (where c.day_no > 0), 0) / nullif(min(d.n_before), 0) as mean_before,
    min(d.n_before) as n_before,
    $dept as owner_dept
from n_days as d
cross join scopes as s
left join counted as c on c.seen_at = d.seen_at and c.type_code = s.type_code
group by d.seen_at, s.type_code
