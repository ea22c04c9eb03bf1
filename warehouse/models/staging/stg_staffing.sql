-- One row per day, hour and team.
-- Class: L1
-- What was counted replaces what was planned, whichever file is newer.
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
    order by
        case when n_calls is null and n_present is null then 1 else 0 end,
        file_on desc,
        file_id desc,
        row_no desc
) = 1
