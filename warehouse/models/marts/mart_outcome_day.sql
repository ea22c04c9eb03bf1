-- One row per day of acceptance, week of certainty, level-1 type, district and department of counted complaints.
-- Class: L2
-- Sums: n, n_done, n_finished, n_reopened, n_paid, paid_fen, n_to_blame
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For what came after the answer over long periods (daily.py). known_week: the Monday of the week in which the result
-- was told or the complaint was reopened, whichever is later, or of the acceptance without either: nothing changes
-- after it.
-- n_finished: told or reopened; n_paid, n_to_blame: of those told. paid_fen: hundredths of a yuan. who_*: complaints by
-- the last character of the customer, in eighths: as many customers as there are eighths with one, at least.
-- accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(
            date_trunc(
                'week', greatest(accepted_at, coalesce(feedback_at, accepted_at), coalesce(reopened_at, accepted_at))
            ) as date
        ) as known_week,
        case
            when feedback_at is null or compensation_yuan is null then 0
            else cast(round(compensation_yuan * 100) as bigint)
        end as told_fen,
        responsibility in ('企业有责', '有责') as is_to_blame,
        ascii(right(coalesce(cust_key, ticket_id), 1)) % 8 as who
    from mart_ticket
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    type_l1,
    region_code,
    owner_dept,
    count(*) as n,
    cast(count_if(feedback_at is not null) as bigint) as n_done,
    cast(count_if(feedback_at is not null or reopened_at is not null) as bigint) as n_finished,
    cast(count_if(reopened_at is not null) as bigint) as n_reopened,
    cast(count_if(coalesce(compensation_yuan > 0 and feedback_at is not null, false)) as bigint) as n_paid,
    cast(sum(told_fen) as bigint) as paid_fen,
    cast(count_if(coalesce(is_to_blame and feedback_at is not null, false)) as bigint) as n_to_blame,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from tickets
group by accepted_on, known_week, type_l1, region_code, owner_dept
