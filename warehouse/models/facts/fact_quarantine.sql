-- One row per value that was refused, set to missing or flagged.
-- Class: L2; L3 value_scrubbed
select q.file_id, f.file_name, f.contract as source_name, q.row_no, q.column_name, q.rule, q.action, q.n_values, q.value_scrubbed, q.cure, q.cure_zh
from stg_quarantine as q
join stg_file as f on f.file_id = q.file_id
