-- One row per instant: how many of those asked in the week before it answered.
-- Kind: upper_rate
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    'CITY' as scope_id,
    count_if(coalesce(s.answer_code in (2, 3), false)) as k,
    count(*) as n
from instants as i
join fact_satisfaction as s on s.surveyed_at < i.seen_at and s.surveyed_at >= i.seen_at - interval 7 day
group by all
