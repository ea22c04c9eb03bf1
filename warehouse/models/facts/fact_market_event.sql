-- One row per observed event of a competitor.
-- Class: L1
select event_id, observed_at, competitor, kind, summary, region_code, expected_effect from stg_market_event
