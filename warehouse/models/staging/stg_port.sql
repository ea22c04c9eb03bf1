-- One row per day and region.
-- Class: L1
select
    ported_on,
    region_code,
    n_out,
    n_in
from lake_port
qualify row_number() over (
    partition by ported_on, region_code
    order by file_on desc, file_id desc, row_no desc
) = 1
