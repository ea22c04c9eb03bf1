-- No stage took negative time, and no pause is longer than its stage.
-- Slice: ticket_id
select ticket_id, cycle_no, stage, elapsed_s, paused_s
from fact_ticket_stage
where elapsed_s < 0 or paused_s < 0 or net_s < 0
