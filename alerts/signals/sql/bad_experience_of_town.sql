-- One row per instant and town: customers with two bad experiences or more in the last whole week, against other towns.
-- value: how many times the median town's share of active customers. Counts only, no names.
with instants as (
    select unnest($instants) as seen_at
),
weeks as (
    select distinct week_start from fact_experience_week
    where week_start >= (select min(seen_at) from instants) - interval 21 day
),
newest as (
    select i.seen_at, max(e.week_start) as week_start
    from instants as i
    join weeks as e
        on e.week_start + interval 7 day <= i.seen_at and e.week_start + interval 21 day > i.seen_at
    group by i.seen_at
),
towns as (
    select w.seen_at, e.town, e.n_two_or_more, e.n_active, e.n_two_or_more / e.n_active as share
    from newest as w
    join fact_experience_week as e on e.week_start = w.week_start
    where e.n_active > 0
),
usual as (
    select seen_at, median(share) as share, count(*) as n_towns from towns group by seen_at
)
select
    t.seen_at,
    t.town as scope_id,
    case when t.n_two_or_more < $least then 0.0 else t.share / nullif(u.share, 0) end as value,
    t.n_two_or_more as n,
    1000 * t.share as per_thousand,
    1000 * u.share as baseline
from towns as t
join usual as u on u.seen_at = t.seen_at
