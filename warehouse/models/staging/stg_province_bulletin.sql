-- One row per month and figure of the province's bulletin.
-- Class: L1
select
    period_month,
    metric_code,
    value,
    province_mean,
    rank,
    n_cities
from lake_province_bulletin
qualify row_number() over (
    partition by period_month, metric_code
    order by file_on desc, file_id desc, row_no desc
) = 1
