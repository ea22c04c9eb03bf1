-- One row per incident; ended_at is missing while it lasts.
-- Class: L1
select
    incident_id, kind, title, region_code, scope_objects, started_at, ended_at, cause_code, expected_recovery_at,
    mass_notice_at, agents_briefed_at, reported_at
from stg_incident
