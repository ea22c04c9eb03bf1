-- One row per business hall.
-- Class: L1
select hall_id, hall_name, region_code, lon, lat, opened_on from stg_hall
