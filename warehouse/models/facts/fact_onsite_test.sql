-- One row per test at a customer's place.
-- Class: L2; L3 staff_key
select test_id, ticket_id, tested_at, staff_key, cell_id, rsrp_dbm, sinr_db, dl_mbps, ul_mbps, result
from stg_onsite_test
