-- One row per day, hour and team.
-- Class: L1
select worked_on, hour_of_day, team_name, n_planned, n_present, n_calls, n_answered_15s from stg_staffing
