-- One row per observed event of a competitor.
-- Class: L1
select
    event_id,
    observed_at,
    competitor,
    kind,
    summary,
    region_code,
    expected_effect
from lake_market_event
qualify row_number() over (
    partition by event_id
    order by file_on desc, file_id desc, row_no desc
) = 1
