-- One row per month, region and package.
-- Class: L1
select
    period_month,
    region_code,
    package_code,
    package_name,
    n_bills,
    n_checked,
    n_errors
from lake_bill
qualify row_number() over (
    partition by period_month, region_code, package_code
    order by file_on desc, file_id desc, row_no desc
) = 1
