-- One row per month and figure of the province's bulletin: our value, the province's mean, our rank.
-- Class: L1
select period_month, metric_code, value, province_mean, rank, n_cities from stg_province_bulletin
