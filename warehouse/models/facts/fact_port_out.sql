-- One row per day and region: customers who took their number away, and who brought one.
-- Class: L1
select ported_on, region_code, n_out, n_in from stg_port
