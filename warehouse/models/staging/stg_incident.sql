-- One row per incident, its newest state.
-- Class: L1
select
    incident_id,
    kind,
    title,
    region_code,
    scope_objects,
    started_at,
    ended_at,
    cause_code,
    expected_recovery_at,
    mass_notice_at,
    agents_briefed_at,
    reported_at
from lake_incident
qualify row_number() over (
    partition by incident_id
    order by reported_at desc, file_on desc, file_id desc, row_no desc
) = 1
