-- One row per instant and customer segment: the net promoter score of the last month asked against the three before it.
-- Kind: score_drop
with instants as (
    select unnest($instants) as seen_at
),
months as (
    select
        segment, month, count(*) as n, count_if(coalesce(nps_0_10 >= 9, false)) as up,
        count_if(coalesce(nps_0_10 <= 6, false)) as down
    from fact_survey
    where nps_0_10 is not null and segment is not null
        and month >= (select min(seen_at) from instants) - interval 7 month
        and month < (select max(seen_at) from instants)
    group by all
),
newest as (
    select i.seen_at, m.segment, max(m.month) as month
    from instants as i
    join months as m on m.month + interval 1 month <= i.seen_at and m.month + interval 3 month > i.seen_at
    group by all
)
select
    w.seen_at,
    w.segment as scope_id,
    max(n.n) as n,
    max(n.up) as up,
    max(n.down) as down,
    sum(b.n) as n_before,
    sum(b.up) as up_before,
    sum(b.down) as down_before,
    cast(max(w.month) as timestamp) as month_at
from newest as w
join months as n on n.segment = w.segment and n.month = w.month
join months as b on b.segment = w.segment and b.month < w.month and b.month >= w.month - interval 3 month
group by w.seen_at, w.segment
