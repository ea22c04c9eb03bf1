-- One row per source: what was loaded, how much was refused, how far the data reaches.
-- Class: L1
with files as (
    select * from stg_file where state = 'loaded'
)
select
    f.contract as source_name,
    min(f.target_table) as target_table,
    count(*) as n_files,
    cast(sum(f.n_rows) as bigint) as n_rows,
    cast(sum(f.n_loaded) as bigint) as n_loaded,
    cast(sum(f.n_rejected) as bigint) as n_rejected,
    cast(sum(f.n_flagged) as bigint) as n_flagged,
    cast(sum(f.n_dropped) as bigint) as n_dropped,
    max(f.cadence_hours) as cadence_hours,
    min(f.first_period) as first_period,
    max(f.last_period) as last_period
from files as f
group by f.contract
