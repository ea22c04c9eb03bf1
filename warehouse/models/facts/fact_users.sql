-- One row per month and region.
-- Class: L1
select period_month, region_code, users_begin, users_end, users_5g, cast(users_begin + users_end as double) / 2 as users_mean
from stg_users
