-- One row per instant and policy of time limits that came into force in the week before it.
with instants as (
    select unnest($instants) as seen_at
),
begun as (
    select policy_id, date_trunc('day', min(accepted_at)) as begun_at from mart_ticket where policy_id is not null group by policy_id
),
switches as (
    select policy_id, begun_at from begun where begun_at > (select min(begun_at) from begun)
)
select
    i.seen_at,
    s.policy_id as scope_id,
    1.0 as value,
    cast(null as bigint) as n,
    s.begun_at
from instants as i
join switches as s on s.begun_at <= i.seen_at and s.begun_at > i.seen_at - interval 7 day
