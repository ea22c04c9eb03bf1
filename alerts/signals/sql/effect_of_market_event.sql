-- One row per instant, district and effect: what a competitor's move of the last 30 days is followed by.
-- Kind: poisson_most
-- Port-outs and tariff complaints of up to 7 days since the move, against the 56 days before it. City-wide moves are CITY.
with instants as (
    select unnest($instants) as seen_at
),
moves as (
    select
        event_id, observed_at, competitor, summary,
        case when region_code is null or region_code = '全市' then 'CITY' else region_code end as region_code
    from fact_market_event
),
latest as (
    select
        i.seen_at, m.region_code,
        max_by(m.event_id, m.observed_at) as event_id,
        max(m.observed_at) as moved_at
    from instants as i
    join moves as m on m.observed_at <= i.seen_at - interval 1 day and m.observed_at > i.seen_at - interval 30 day
    group by all
),
looked_at as (
    select date_trunc('day', min(moved_at)) - interval 56 day as since, max(seen_at) as until from latest
),
daily as (
    select cast(ported_on as timestamp) as on_at, region_code, n_out as n, 'out' as what
    from fact_port_out
    where ported_on >= (select since from looked_at) and ported_on < (select until from looked_at)
    union all
    select cast(accepted_on as timestamp) as on_at, region_code, count(*) as n, 'tariff' as what
    from mart_ticket
    where type_l1 = 'TAR'
        and accepted_on >= (select since from looked_at) and accepted_on < (select until from looked_at)
    group by all
),
seen as (
    select
        l.seen_at, l.region_code, l.event_id, d.what,
        sum(d.n) filter (
            where d.on_at >= date_trunc('day', l.moved_at) and d.on_at >= date_trunc('day', l.seen_at) - interval 7 day
        ) as n_now,
        sum(d.n) filter (where d.on_at < date_trunc('day', l.moved_at)) as n_56,
        least(7, date_diff('day', l.moved_at, l.seen_at) + 1) as n_days,
        l.moved_at
    from latest as l
    join daily as d
        on (l.region_code = 'CITY' or d.region_code = l.region_code)
        and d.on_at < date_trunc('day', l.seen_at)
        and d.on_at >= date_trunc('day', l.moved_at) - interval 56 day
    group by all
),
wide as (
    select *, coalesce(n_now, 0) as now_0, coalesce(n_56, 0) * n_days / 56.0 as expected from seen
)
select
    w.seen_at,
    w.region_code as scope_id,
    w.what,
    w.now_0 as n_now,
    w.expected as mean_before,
    56 as n_before,
    max(w.now_0) filter (where w.what = 'out') over (partition by w.seen_at, w.region_code) as n_out,
    max(w.expected) filter (where w.what = 'out') over (partition by w.seen_at, w.region_code) as out_before,
    coalesce(max(w.now_0) filter (where w.what = 'tariff') over (partition by w.seen_at, w.region_code), 0) as n_tariff,
    coalesce(max(w.expected) filter (where w.what = 'tariff') over (partition by w.seen_at, w.region_code), 0)
        as tariff_before,
    m.competitor,
    m.summary as move,
    w.moved_at
from wide as w
join moves as m on m.event_id = w.event_id
