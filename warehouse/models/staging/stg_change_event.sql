-- One row per change event.
-- Class: L1
select
    change_id,
    kind,
    system,
    title,
    started_at,
    ended_at,
    scope_region,
    scope_cells,
    scope_package,
    briefed_agents
from lake_change_event
qualify row_number() over (
    partition by change_id
    order by file_on desc, file_id desc, row_no desc
) = 1
