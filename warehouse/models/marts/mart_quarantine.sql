-- One row per source, column, rule and action: how many values were refused, with one scrubbed example.
-- Class: L1; L3 example
select
    f.contract as source_name, f.target_table, q.column_name, q.rule, q.action, q.cure, q.cure_zh,
    cast(sum(q.n_values) as bigint) as n_values,
    count(distinct q.file_id) as n_files,
    min(q.value_scrubbed) as example,
    min(f.file_name) as example_file,
    min(q.row_no) as example_row
from stg_quarantine as q
join stg_file as f on f.file_id = q.file_id
group by f.contract, f.target_table, q.column_name, q.rule, q.action, q.cure, q.cure_zh
