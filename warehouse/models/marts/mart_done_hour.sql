-- One row per day of acceptance, week of the result, and full hours until then of counted complaints.
-- Class: L2
-- Sums: n
-- For quantiles over long periods (quantiles.py): the hours say near which complaint a quantile lies, and only those
-- near it are then read. n_hours: 400 also for what took longer. known_week: its Monday.
-- accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(date_trunc('week', greatest(accepted_at, feedback_at)) as date) as known_week,
        cast(least(greatest(floor(handling_hours), 0), 400) as bigint) as n_hours
    from mart_ticket
    where feedback_at is not null
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    n_hours,
    count(*) as n
from tickets
group by accepted_on, known_week, n_hours
