-- One row per day, kind of operation, channel and hall.
-- Class: L1
select
    op_on,
    op_name,
    channel_code,
    hall_id,
    n_attempts,
    n_success,
    wait_avg_min
from lake_biz_op
qualify row_number() over (
    partition by op_on, op_name, channel_code, hall_id
    order by file_on desc, file_id desc, row_no desc
) = 1
