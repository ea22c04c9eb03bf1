-- One row per ticket and judging system: where the cause was found to lie.
-- Class: L2; L3 evidence_json
select
    ticket_id, source_system, judged_at, cell_id, window_start, window_end, cause_code, confidence, evidence_json
from stg_demarcation
