-- No alarm ends before it starts.
select source_system, alarm_id, started_at, ended_at from fact_alarm where ended_at < started_at
