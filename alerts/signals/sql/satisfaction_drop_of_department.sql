-- One row per instant and department: answers of the last 7 days against the 28 before them.
-- Kind: drop
-- Answers are counted once per stretch between two ends of windows, and stretches added up: however many instants look
-- back at a ticket, it is read once.
with instants as (
    select unnest($instants) as seen_at
),
ends as (
    select distinct end_at
    from (
        select seen_at as end_at from instants
        union all
        select seen_at - interval 7 day from instants
        union all
        select seen_at - interval 35 day from instants
    ) as e
),
stretches as (
    select end_at as from_at, lead(end_at) over (order by end_at) as to_at from ends
),
days as (
    select from_at, to_at, unnest(range(date_trunc('day', from_at), to_at, interval 1 day)) as day_at
    from stretches
    where to_at is not null
),
counted as (
    select
        d.from_at, t.owner_dept, count_if(coalesce(t.answer_code = 2, false)) as n_good,
        count_if(coalesce(t.answer_code in (2, 3), false)) as n_answers
    from days as d
    join mart_ticket as t
        on date_trunc('day', t.surveyed_at) = d.day_at and t.surveyed_at >= d.from_at and t.surveyed_at < d.to_at
    where t.owner_dept <> 'UNKNOWN'
    group by d.from_at, t.owner_dept
)
select
    i.seen_at,
    c.owner_dept as scope_id,
    cast(sum(case when c.from_at >= i.seen_at - interval 7 day then c.n_good else 0 end) as bigint) as k,
    cast(sum(case when c.from_at >= i.seen_at - interval 7 day then c.n_answers else 0 end) as bigint) as n,
    cast(sum(case when c.from_at < i.seen_at - interval 7 day then c.n_good else 0 end) as bigint) as k_before,
    cast(sum(case when c.from_at < i.seen_at - interval 7 day then c.n_answers else 0 end) as bigint) as n_before
from instants as i
join counted as c on c.from_at < i.seen_at and c.from_at >= i.seen_at - interval 35 day
group by i.seen_at, c.owner_dept
