-- One row per instant, district and subtype: complaints since a change of the network at most a week old.
-- Kind: poisson_most
-- Against the same hours of the same weekdays in the eight weeks before the change. Of the matter $matter; changes are
-- those whose kind or system matches $pattern. The latest change of the district, or of the city, counts.
with instants as (
    select unnest($instants) as seen_at
),
-- A change is at most a week old and what was usual before it eight more.
districts as (
    select distinct region_code
    from mart_ticket
    where
        region_code is not null
        and accepted_at >= (select min(seen_at) from instants) - interval 70 day
        and accepted_at < (select max(seen_at) from instants)
),
changes as (
    select c.change_id, c.title, c.started_at, d.region_code
    from fact_change_event as c
    join districts as d on d.region_code = c.scope_region or coalesce(c.scope_region, '') in ('', '全市', 'CITY')
    where regexp_matches(coalesce(c.kind, '') || ' ' || coalesce(c.system, ''), $pattern)
),
latest as (
    select
        i.seen_at, c.region_code, max_by(c.change_id, c.started_at) as change_id, max_by(c.title, c.started_at) as title,
        max(c.started_at) as changed_at
    from instants as i
    join changes as c on c.started_at < i.seen_at and c.started_at > i.seen_at - interval 7 day
    group by i.seen_at, c.region_code
),
-- Since when complaints are known, looked for no further back than is asked: a week more than the weeks before.
known as (
    select min(accepted_at) as since
    from mart_ticket
    where
        accepted_at >= (select min(changed_at) from latest) - interval 63 day
        and accepted_at < (select max(seen_at) from latest)
),
-- Week 0 is that of the change.
windows as (
    select
        l.seen_at, l.region_code, w.week_no, l.changed_at - to_days(cast(7 * w.week_no as integer)) as since,
        l.seen_at - to_days(cast(7 * w.week_no as integer)) as until
    from latest as l
    cross join (select unnest(range(0, 9)) as week_no) as w
    where w.week_no = 0 or l.changed_at - to_days(cast(7 * w.week_no as integer)) >= (select since from known)
),
tickets as (
    select t.region_code, t.type_code, t.accepted_at
    from mart_ticket as t
    where
        t.type_l1 = $matter and t.type_code is not null
        and t.accepted_at >= (select min(since) from windows) and t.accepted_at < (select max(until) from windows)
),
counted as (
    select
        w.seen_at, w.region_code, t.type_code,
        count(*) filter (where w.week_no = 0) as n_now, count(*) filter (where w.week_no > 0) as n_earlier
    from windows as w
    join tickets as t on t.region_code = w.region_code and t.accepted_at >= w.since and t.accepted_at < w.until
    group by w.seen_at, w.region_code, t.type_code
),
weeks as (
    select seen_at, region_code, count(*) - 1 as n_before from windows group by seen_at, region_code
)
select
    l.seen_at,
    $matter || '/' || l.region_code as scope_id,
    coalesce(c.n_now, 0) as n_now,
    coalesce(c.n_earlier, 0) / nullif(w.n_before, 0) as mean_before,
    w.n_before,
    coalesce(y.l2_zh, '') as subtype_zh,
    coalesce(y.l2_en, '') as subtype_en,
    l.change_id,
    l.title as change_title,
    l.changed_at
from latest as l
join weeks as w on w.seen_at = l.seen_at and w.region_code = l.region_code
left join counted as c on c.seen_at = l.seen_at and c.region_code = l.region_code
left join dim_type as y on y.type_code = c.type_code
where w.n_before > 0
