-- One row per day, hour and team of the hotline: calls offered and those answered within 15 seconds.
-- Class: L1
select
    worked_on as date_on,
    hour_of_day,
    team_name,
    cast(sum(n_calls) as bigint) as n_calls,
    cast(sum(n_answered_15s) as bigint) as n_answered_15s
from fact_staffing
group by worked_on, hour_of_day, team_name
