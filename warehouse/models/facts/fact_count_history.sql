-- One row per day, type, region and channel, before tickets are available.
-- Class: L1
select counted_on, type_l1, region_code, channel_code, n_tickets from stg_count_history
