-- One row per instant and topic: negative items of the last 24 hours, and the hottest of them.
-- value: how many times the limit, of items or of heat, whichever is more.
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    o.topic as scope_id,
    greatest(count(*) / $items, coalesce(max(o.heat), 0) / $heat) as value,
    count(*) as n,
    coalesce(max(o.heat), 0) as hottest,
    max_by(o.platform, coalesce(o.heat, 0)) as platform,
    min(o.published_at) as first_at
from instants as i
join fact_opinion as o on o.published_at <= i.seen_at and o.published_at > i.seen_at - interval 24 hour
where o.sentiment = 'negative'
group by all
