-- One row per department and day on which five complaints or more came to it: whether they were taken up in order.
-- Class: L1
-- Counted complaints other than P1 that were sent there, at their first stay, once signed for (ACC). order_rho: Spearman's
-- correlation between the order of coming and the order of signing, 1 when the oldest is always taken first (M37).
-- Of more than 300 a day those stand for all whose coming fell into the first seconds of a minute, which is a random
-- part. accepted_at: midnight of the day they came. The order of a day is one thing over all types and districts, so
-- this table has neither.
with picks as (
    select ticket_id, dept, cast(in_at as date) as came_on, in_at, picked_s
    from mart_stay
    where picked_s is not null and came_by in ('DSP', 'TRANSFER') and not is_return and coalesce(priority, '') <> 'P1'
),
sizes as (
    select dept, came_on, count(*) as n_picked from picks group by dept, came_on having count(*) >= 5
),
taken as (
    select p.*, s.n_picked
    from picks as p
    join sizes as s on s.dept = p.dept and s.came_on = p.came_on
    where s.n_picked <= 300 or second(p.in_at) * s.n_picked < 60 * 300
),
ranked as (
    select
        dept, came_on, n_picked,
        row_number() over (partition by dept, came_on order by in_at, ticket_id) as come_no,
        row_number() over (partition by dept, came_on order by picked_s, ticket_id) as pick_no
    from taken
),
summed as (
    select
        dept, came_on, n_picked,
        cast(count(*) as double) as n_ranked,
        cast(sum((come_no - pick_no) * (come_no - pick_no)) as double) as gap_squares
    from ranked
    group by dept, came_on, n_picked
)
select
    cast(came_on as timestamp) as accepted_at,
    dept,
    n_picked,
    1 - 6 * gap_squares / (n_ranked * (n_ranked * n_ranked - 1)) as order_rho
from summed
where n_ranked > 1
