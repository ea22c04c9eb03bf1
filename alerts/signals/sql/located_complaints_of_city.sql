-- One row per instant: network complaints of the week before it that are located well (grades A and B).
-- Kind: upper_rate
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    'CITY' as scope_id,
    count_if(coalesce(t.geo_grade in ('A', 'B'), false)) as k,
    count(*) as n
from instants as i
join mart_ticket as t on t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 7 day
where t.type_l1 = 'NET'
group by all
