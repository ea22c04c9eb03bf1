-- A cell has one version at a time.
with versions as (
    select cell_id, valid_from, valid_to, lead(valid_from) over (partition by cell_id order by valid_from) as next_from
    from dim_cell
)
select cell_id, valid_from, valid_to, next_from
from versions
where valid_to <= valid_from or (next_from is not null and (valid_to is null or valid_to > next_from))
