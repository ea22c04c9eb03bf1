-- One row per day, kind of operation, channel and district: attempts and those that succeeded.
-- Class: L1
-- region_code: the district of the hall; missing for channels without a place, and for a hall nobody knows.
select
    o.op_on as date_on,
    o.op_name,
    o.channel_code,
    h.region_code,
    cast(sum(o.n_attempts) as bigint) as n_attempts,
    cast(sum(o.n_success) as bigint) as n_success
from fact_biz_op as o
left join dim_hall as h on h.hall_id = o.hall_id
group by o.op_on, o.op_name, o.channel_code, h.region_code
