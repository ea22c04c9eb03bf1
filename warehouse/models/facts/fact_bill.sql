-- One row per month, region and package.
-- Class: L1
select period_month, region_code, package_code, package_name, n_bills, n_checked, n_errors from stg_bill
