-- One row per day of acceptance, week of the first reply, and full hours until then of counted complaints.
-- Class: L2
-- Sums: n
-- For quantiles over long periods (quantiles.py): the hours say near which complaint a quantile lies, and only those
-- near it are then read. n_hours: 400 also for what took longer. known_week: its Monday.
-- accepted_at: midnight of the day.
with tickets as (
    select
        *,
        cast(date_trunc('week', greatest(accepted_at, first_reply_at)) as date) as known_week,
        cast(least(greatest(floor(reply_minutes / 60), 0), 400) as bigint) as n_hours
    from mart_ticket
    where first_reply_at is not null
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_week,
    n_hours,
    count(*) as n
from tickets
group by accepted_on, known_week, n_hours
