-- One row per department and day on which five complaints or more came to it: whether they were taken up in order.
-- Class: L1
-- Counted complaints other than P1 that were sent there, at their first stay, once signed for (ACC). order_rho: Spearman's
-- correlation between the order of coming and the order of signing, 1 when the oldest is always taken first (M37).
-- accepted_at: midnight of the day they came. The order of a day is one thing over all types and districts, so this
-- table has neither.
with tickets as (
    select ticket_id from mart_ticket where coalesce(priority, '') <> 'P1'
),
picks as (
    select
        d.ticket_id, d.dept, cast(d.in_at as date) as came_on, d.in_at,
        seconds_between(cast('2000-01-01 00:00:00' as timestamp), d.in_at) + d.first_accept_min * 60 as picked_s
    from fact_dept_dwell as d
    join tickets as t on t.ticket_id = d.ticket_id
    where d.first_accept_min is not null and d.came_by in ('DSP', 'TRANSFER') and not d.is_return
),
ranked as (
    select
        dept, came_on,
        row_number() over (partition by dept, came_on order by in_at, ticket_id) as come_no,
        row_number() over (partition by dept, came_on order by picked_s, ticket_id) as pick_no
    from picks
),
summed as (
    select
        dept, came_on,
        count(*) as n_picked,
        cast(sum((come_no - pick_no) * (come_no - pick_no)) as double) as gap_squares
    from ranked
    group by dept, came_on
    having count(*) >= 5
)
select
    cast(came_on as timestamp) as accepted_at,
    dept,
    n_picked,
    1 - 6 * gap_squares / (cast(n_picked as double) * (cast(n_picked as double) * n_picked - 1)) as order_rho
from summed
