-- One row per quarter and level-1 type: how far refunds for the same matter hang on who took it in (M35).
-- Class: L1
-- By level-2 type, as a person has too few refunds of one level-3 type. Of the logarithm of the amount, as refunds
-- differ by factors. between_ss: squares of people's means around the mean of
-- their level-2 type, weighted by refunds; within_ss: squares around each person's mean. n_free, n_within: their degrees
-- of freedom. between_ss ÷ n_free over within_ss ÷ n_within is 1 when people differ by chance alone. Types with refunds
-- by one person only say nothing and are left out, and so are those with fewer than five refunds. Rounded, as sums of
-- fractions hang on the order of adding.
with refunds as (
    select
        cast(date_trunc('quarter', accepted_on) as date) as period_month,
        type_l1, type_code as kind, intake_staff,
        ln(cast(compensation_yuan as double)) as amount
    from fact_ticket
    where is_counted and compensation_yuan > 0 and intake_staff is not null
),
people as (
    select
        period_month, type_l1, kind, intake_staff,
        count(*) as n, sum(amount) as total, sum(amount * amount) as squares
    from refunds
    group by period_month, type_l1, kind, intake_staff
),
kinds as (
    select
        period_month, type_l1, kind,
        count(*) as n_people, sum(n) as n_refunds, sum(total) as total, sum(squares) as squares,
        sum(total * total / n) as of_people
    from people
    group by period_month, type_l1, kind
    having count(*) > 1 and sum(n) >= 5
)
select
    period_month,
    type_l1,
    cast(sum(n_people - 1) as bigint) as n_free,
    cast(sum(n_refunds - n_people) as bigint) as n_within,
    round(sum(of_people - total * total / n_refunds), 6) as between_ss,
    round(sum(squares - of_people), 6) as within_ss
from kinds
group by period_month, type_l1
