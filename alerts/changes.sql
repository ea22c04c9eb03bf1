-- One row per change whose window touches some time.
select change_id, kind, started_at, coalesce(ended_at, started_at) as ended_at, scope_region, scope_cells
from fact_change_event
where started_at <= $until and coalesce(ended_at, started_at) >= $since
