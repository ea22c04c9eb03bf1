-- One row per week and town: users who met each kind of bad experience, counts only.
-- Class: L1
select
    week_start, region_code, town, n_active, n_weak, n_slow, n_outage, n_bill_jump, n_complained_90d, n_two_or_more
from stg_experience_week
