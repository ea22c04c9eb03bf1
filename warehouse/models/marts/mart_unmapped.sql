-- One row per source, column and value that no map knew.
-- Class: L1; L3 value_scrubbed
select f.contract as source_name, f.target_table, u.column_name, u.value_scrubbed, cast(sum(u.n_rows) as bigint) as n_rows
from stg_unmapped as u
join stg_file as f on f.file_id = u.file_id
group by f.contract, f.target_table, u.column_name, u.value_scrubbed
