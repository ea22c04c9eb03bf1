-- One row per file that was looked at.
-- Class: L1
select
    file_id, file_name, contract, target_table, state, encoding, datum, n_bytes, n_rows, n_loaded, n_rejected, n_flagged,
    n_dropped, cadence_hours, first_period, last_period, message, message_zh, is_over_limit, loaded_at
from stg_file
