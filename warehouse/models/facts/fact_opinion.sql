-- One row per published item; its address is kept as a hash only.
-- Class: L1
select
    opinion_id, published_at, platform, topic, sentiment, heat, url_hash, region_code, handled_at,
    seconds_between(published_at, handled_at) as answer_s
from stg_opinion
