-- One row per instant, department and week back from it: answers of that week. 26 weeks, 0 is the newest.
-- Kind: drift
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    t.owner_dept as scope_id,
    cast(floor((date_diff('second', t.surveyed_at, i.seen_at) - 1) / 604800) as bigint) as week_no,
    count_if(coalesce(t.answer_code = 2, false)) as k,
    count(*) as n,
    t.owner_dept as owner_dept
from instants as i
join mart_ticket as t on t.surveyed_at < i.seen_at and t.surveyed_at >= i.seen_at - interval 182 day
where t.owner_dept <> 'UNKNOWN' and t.answer_code in (2, 3)
group by all
