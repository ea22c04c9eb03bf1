-- One row per alarm, its newest state; of two states in one file the cleared one.
-- Class: L2
select
    source_system,
    alarm_id,
    site_id,
    node_id,
    cell_id,
    severity,
    alarm_code,
    alarm_name,
    category,
    location,
    started_at,
    ended_at
from lake_alarm
qualify row_number() over (
    partition by source_system, alarm_id
    order by file_on desc, ended_at desc nulls last, file_id desc, row_no desc
) = 1
