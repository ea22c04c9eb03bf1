-- One row per file, column and value that no map knew.
-- Class: L2; L3 value_scrubbed
select file_id, column_name, value_scrubbed, n_rows
from lake_unmapped_value
