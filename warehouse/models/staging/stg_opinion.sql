-- One row per published item.
-- Class: L1
select
    opinion_id,
    published_at,
    platform,
    topic,
    sentiment,
    heat,
    url_hash,
    region_code,
    handled_at
from lake_opinion
qualify row_number() over (
    partition by opinion_id
    order by file_on desc, file_id desc, row_no desc
) = 1
