-- One row per month and department: how far the results of its people spread for the same level-3 type (M35).
-- Class: L1
-- spread: over types and people, (solved − expected)² ÷ (n × p × (1 − p)), with p of the department's type in that month,
-- times (N − 1) ÷ N of the type's N tickets, so that its mean under chance is exact however few they are.
-- n_free: people less one, summed over types: what the spread comes to when people differ by chance alone. Types that were
-- always or never solved, or by one person only, say nothing and are left out. Decimals are added: sums of doubles hang on
-- the order of rows.
with people as (
    select
        month_start, owner_dept, coalesce(type_detail, type_code, type_l1) as kind, staff_key,
        count(*) as n, count_if(is_solved) as k
    from mart_handled
    where staff_key is not null and is_solved is not null
    group by month_start, owner_dept, coalesce(type_detail, type_code, type_l1), staff_key
),
kinds as (
    select
        month_start, owner_dept, kind,
        count(*) as n_people,
        sum(n) as n_tickets,
        cast(sum(k) as double) / sum(n) as p
    from people
    group by month_start, owner_dept, kind
    having count(*) > 1 and sum(k) > 0 and sum(k) < sum(n)
),
spreads as (
    select
        h.month_start, h.owner_dept, h.kind, s.n_people, s.n_tickets,
        cast(sum(cast((h.k - h.n * s.p) * (h.k - h.n * s.p) / (h.n * s.p * (1 - s.p)) as decimal(28, 12))) as double)
            * (s.n_tickets - 1) / s.n_tickets as spread
    from people as h
    join kinds as s on s.month_start = h.month_start and s.owner_dept = h.owner_dept and s.kind = h.kind
    group by h.month_start, h.owner_dept, h.kind, s.n_people, s.n_tickets
)
select
    month_start as period_month,
    owner_dept,
    sum(n_people - 1) as n_free,
    sum(n_tickets) as n_tickets,
    cast(sum(cast(spread as decimal(28, 12))) as double) as spread
from spreads
group by month_start, owner_dept
