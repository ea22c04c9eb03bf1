-- One row per instant and department: what it has open on a weekend or holiday against its last five working days.
-- Kind: over
with instants as (
    select unnest($instants) as seen_at
),
days as (
    select
        i.seen_at, w.date_on + (i.seen_at - cast(cast(i.seen_at as date) as timestamp)) as then_at,
        row_number() over (partition by i.seen_at order by w.date_on desc) as back_no
    from instants as i
    join dim_date as d on d.date_on = cast(i.seen_at as date) and not d.is_workday
    join dim_date as w on w.is_workday and w.date_on < d.date_on and w.date_on >= d.date_on - 20
),
moments as (
    select distinct seen_at, seen_at as then_at from days
    union all
    select seen_at, then_at from days where back_no <= 5
),
open_then as (
    select m.seen_at, m.then_at, h.dept, count(distinct h.ticket_id) as n_open
    from moments as m
    join mart_ticket_held as h
        on h.held_from <= m.then_at and coalesce(h.held_to, timestamp '9999-12-31') > m.then_at
    group by all
)
select
    seen_at,
    dept as scope_id,
    coalesce(sum(n_open) filter (where then_at = seen_at), 0) as n,
    coalesce(sum(n_open) filter (where then_at < seen_at), 0) / 5.0 as baseline,
    dept as owner_dept
from open_then
group by all
