-- One row per value that was refused, set to missing or flagged.
-- Class: L2; L3 value_scrubbed
select file_id, row_no, column_name, rule, action, value_scrubbed, cure, cure_zh
from lake_quarantine
