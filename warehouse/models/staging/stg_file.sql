-- One row per file that was looked at, its newest outcome.
-- Class: L1
select *
from lake_etl_file
qualify row_number() over (partition by file_id order by loaded_at desc, state desc, file_name desc) = 1
