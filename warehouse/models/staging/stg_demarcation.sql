-- One row per ticket and judging system, its newest judgement.
-- Class: L2; L3 evidence_json
select
    ticket_id,
    source_system,
    judged_at,
    cell_id,
    window_start,
    window_end,
    cause_code,
    confidence,
    evidence_json
from lake_demarcation
qualify row_number() over (
    partition by ticket_id, source_system
    order by judged_at desc, file_on desc, file_id desc, row_no desc
) = 1
