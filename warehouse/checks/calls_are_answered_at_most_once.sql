-- No team answers more calls than came in.
select worked_on, hour_of_day, team_name from fact_staffing where n_answered_15s > n_calls
