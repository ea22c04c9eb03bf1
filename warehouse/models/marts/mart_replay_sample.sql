-- One row per counted complaint with an event log and a limit, of a random sixteenth of them.
-- Class: L2
-- Slice: ticket_id
-- Rows of mart_replay_ticket whose sample_key is below 1000, for samples of so many that a sixteenth is enough
-- (replays.py).
select *
from mart_replay_ticket
where sample_key < '1000'
