-- One row per surveyed ticket, the last survey.
-- Class: L2
-- Slice: ticket_id
select
    ticket_id,
    surveyed_at,
    method,
    answer_code,
    score_10,
    score_speed,
    score_attitude,
    score_solution,
    score_communication,
    reason,
    was_reached,
    is_number_gone,
    is_confirmed
from lake_satisfaction
qualify row_number() over (
    partition by ticket_id
    order by surveyed_at desc, file_on desc, file_id desc, row_no desc
) = 1
