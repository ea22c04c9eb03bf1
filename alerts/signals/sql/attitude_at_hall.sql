-- One row per instant and hall: complaints of attitude in 7 days against what its visits would bring at the city's rate.
-- Kind: poisson
-- The city's rate is that of all halls in the eight weeks before those 7 days, per handling at the counter.
with instants as (
    select unnest($instants) as seen_at
),
visits as (
    select cast(op_on as timestamp) + interval 1 day as day_end, hall_id, sum(n_attempts) as n
    from fact_biz_op
    where hall_id is not null
        and op_on >= cast((select min(seen_at) from instants) as date) - 65
        and op_on <= cast((select max(seen_at) from instants) as date)
    group by all
),
attitudes as (
    select hall_id, accepted_at, ticket_id
    from fact_ticket
    where is_counted and hall_id is not null and type_code in ('SVC01', 'SVC02')
        and accepted_at >= (select min(seen_at) from instants) - interval 65 day
),
visited as (
    select
        i.seen_at, v.hall_id,
        sum(v.n) filter (where v.day_end > i.seen_at - interval 7 day) as n_visits,
        coalesce(sum(v.n) filter (where v.day_end <= i.seen_at - interval 7 day), 0) as n_visits_before
    from instants as i
    join visits as v on v.day_end <= i.seen_at and v.day_end > i.seen_at - interval 63 day
    group by all
),
told as (
    select
        i.seen_at, a.hall_id,
        count_if(coalesce(a.accepted_at >= i.seen_at - interval 7 day, false)) as n_now,
        count_if(coalesce(a.accepted_at < i.seen_at - interval 7 day, false)) as n_before,
        array_to_string(max_by(a.ticket_id, a.accepted_at, 5), ',') as worst
    from instants as i
    join attitudes as a on a.accepted_at < i.seen_at and a.accepted_at >= i.seen_at - interval 63 day
    group by all
),
city as (
    select v.seen_at, sum(t.n_before) / nullif(sum(v.n_visits_before), 0) as rate
    from visited as v
    left join told as t on t.seen_at = v.seen_at and t.hall_id = v.hall_id
    group by v.seen_at
)
select
    v.seen_at,
    v.hall_id as scope_id,
    coalesce(t.n_now, 0) as n_now,
    coalesce(c.rate, 0) * v.n_visits as mean_before,
    8 as n_before,
    1000.0 * coalesce(t.n_now, 0) / nullif(v.n_visits, 0) as per_thousand,
    1000.0 * c.rate as city_per_thousand,
    coalesce(t.worst, '') as worst
from visited as v
join city as c on c.seen_at = v.seen_at
left join told as t on t.seen_at = v.seen_at and t.hall_id = v.hall_id
where v.n_visits > 0
