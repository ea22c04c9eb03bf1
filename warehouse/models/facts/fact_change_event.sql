-- One row per change event.
-- Class: L1
select change_id, kind, system, title, started_at, ended_at, scope_region, scope_cells, scope_package, briefed_agents
from stg_change_event
