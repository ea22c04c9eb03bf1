-- One row per instant and billing subtype: complaints since a change of billing at most a week old.
-- Kind: poisson
-- Against what the 56 days before the change would have brought in the same time. The latest change counts.
with instants as (
    select unnest($instants) as seen_at
),
scopes as (
    select type_code from dim_type where owner_dept = $dept
),
latest as (
    select i.seen_at, max_by(c.change_id, c.started_at) as change_id, max(c.started_at) as changed_at
    from instants as i
    join fact_change_event as c on c.started_at <= i.seen_at and c.started_at > i.seen_at - interval 7 day
    where c.kind like '%计费%' or c.system like '%计费%'
    group by i.seen_at
),
changes as (
    select distinct change_id, changed_at from latest
),
before as (
    select
        c.change_id, t.type_code,
        count(*) / greatest(1, least(56, date_diff('day', (select min(accepted_at) from mart_ticket), min(c.changed_at))))
            as a_day
    from changes as c
    join mart_ticket as t on t.accepted_at < c.changed_at and t.accepted_at >= c.changed_at - interval 56 day
    group by all
),
since as (
    select l.seen_at, t.type_code, count(*) as n
    from latest as l
    join mart_ticket as t on t.accepted_at >= l.changed_at and t.accepted_at < l.seen_at
    group by all
)
select
    l.seen_at,
    s.type_code as scope_id,
    coalesce(n.n, 0) as n_now,
    coalesce(b.a_day, 0) * date_diff('second', l.changed_at, l.seen_at) / 86400.0 as mean_before,
    56 as n_before,
    l.change_id,
    x.title as change_title,
    l.changed_at,
    $dept as owner_dept
from latest as l
cross join scopes as s
join fact_change_event as x on x.change_id = l.change_id
left join before as b on b.change_id = l.change_id and b.type_code = s.type_code
left join since as n on n.seen_at = l.seen_at and n.type_code = s.type_code
