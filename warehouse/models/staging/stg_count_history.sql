-- One row per day, type, region and channel.
-- Class: L1
select
    counted_on,
    type_l1,
    region_code,
    channel_code,
    n_tickets
from lake_count_history
qualify row_number() over (
    partition by counted_on, type_l1, region_code, channel_code
    order by file_on desc, file_id desc, row_no desc
) = 1
