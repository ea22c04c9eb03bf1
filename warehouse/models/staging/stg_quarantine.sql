-- One row per value that was refused, set to missing or flagged.
-- Class: L2; L3 value_scrubbed
select file_id, row_no, column_name, rule, action, coalesce(n_values, 1) as n_values, value_scrubbed, cure, cure_zh
from lake_quarantine
