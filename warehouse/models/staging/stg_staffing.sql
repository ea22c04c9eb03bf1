-- One row per day, hour and team.
-- Class: L1
select
    worked_on,
    hour_of_day,
    team_name,
    n_planned,
    n_present,
    n_calls,
    n_answered_15s
from lake_staffing
qualify row_number() over (
    partition by worked_on, hour_of_day, team_name
    order by file_on desc, file_id desc, row_no desc
) = 1
