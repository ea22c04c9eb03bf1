-- One row per day, kind of operation, channel and hall.
-- Class: L1
select op_on, op_name, channel_code, hall_id, n_attempts, n_success, wait_avg_min from stg_biz_op
