-- One row per week and town.
-- Class: L1
select
    week_start,
    region_code,
    town,
    n_active,
    n_weak,
    n_slow,
    n_outage,
    n_bill_jump,
    n_complained_90d,
    n_two_or_more
from lake_experience_week
qualify row_number() over (
    partition by week_start, region_code, town
    order by file_on desc, file_id desc, row_no desc
) = 1
