-- One row per surveyed ticket.
-- Class: L2
-- Slice: ticket_id
-- answer_code: 0 not surveyed, 1 no answer, 2 satisfied, 3 dissatisfied.
-- is_confirmed: the customer calls it solved.
-- is_number_gone: the call went to a number that is out of use.
select
    ticket_id, surveyed_at, method, answer_code, score_10, score_speed, score_attitude, score_solution,
    score_communication, reason, was_reached, is_number_gone, is_confirmed
from stg_satisfaction
