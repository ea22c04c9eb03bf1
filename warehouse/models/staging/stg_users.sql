-- One row per month and region.
-- Class: L1
select
    period_month,
    region_code,
    users_begin,
    users_end,
    users_5g
from lake_users
qualify row_number() over (
    partition by period_month, region_code
    order by file_on desc, file_id desc, row_no desc
) = 1
