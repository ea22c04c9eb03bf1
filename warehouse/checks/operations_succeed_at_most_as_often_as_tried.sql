-- No operation succeeds more often than it was tried.
select op_on, op_name, channel_code, hall_id from fact_biz_op where n_success > n_attempts
