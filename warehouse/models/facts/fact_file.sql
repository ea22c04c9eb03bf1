-- One row per file that was looked at.
-- Class: L1
-- n_unmapped: rows whose complaint type no map knew.
with corrected as (
    select corrects as file_id, cast(sum(n_loaded) as bigint) as n_corrected
    from stg_file
    where state = 'loaded' and corrects is not null
    group by corrects
),
untyped as (
    select file_id, cast(sum(n_rows) as bigint) as n_unmapped
    from stg_unmapped
    where column_name = 'type_code'
    group by file_id
)
select
    f.file_id, f.file_name, contract, target_table, state, encoding, datum, n_bytes, n_rows, n_loaded, n_rejected,
    n_flagged, n_dropped, coalesce(c.n_corrected, 0) as n_corrected, coalesce(u.n_unmapped, 0) as n_unmapped, corrects,
    cadence_hours, first_period, last_period, message, message_zh,
    is_over_limit and n_rejected > coalesce(c.n_corrected, 0) as is_over_limit, loaded_at
from stg_file as f
left join corrected as c on c.file_id = f.file_id
left join untyped as u on u.file_id = f.file_id
