-- One row per alarm; ended_at is missing while it stands.
-- Class: L2
select
    a.source_system, a.alarm_id, a.site_id, a.node_id, a.cell_id, s.region_code, s.town, a.severity, a.alarm_code,
    a.alarm_name, a.category, a.location, a.started_at, a.ended_at,
    seconds_between(a.started_at, a.ended_at) as duration_s
from stg_alarm as a
left join dim_site as s on s.site_id = a.site_id
