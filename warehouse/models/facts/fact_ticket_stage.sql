-- One row per counted ticket, policy and stage.
-- Class: L2
-- Slice: ticket_id
-- Open: ended_at is null
-- On time means elapsed <= limit, to the second. Open stages are judged at as_of. `is_in_force` marks the policy that
-- was in force when the ticket was accepted; the others answer "what if".
with tickets as (
    select * from fact_ticket where is_counted
),
-- The most specific limit for each kind of ticket there is, so that tickets need no ordering.
kinds as (
    select distinct priority, type_l1 from tickets
),
limits as (
    select
        k.priority, k.type_l1, p.stage, p.policy_id, p.limit_min,
        row_number() over (
            partition by k.priority, k.type_l1, p.stage, p.policy_id
            order by case when p.priority is not null then 1 else 0 end
                + case when p.type_l1 is not null then 2 else 0 end desc
        ) as preference
    from kinds as k
    join dim_policy as p
        on (p.priority is null or p.priority = k.priority) and (p.type_l1 is null or p.type_l1 = k.type_l1)
    where p.stage in ('FRS', 'FBK')
),
chosen as (
    select
        t.ticket_id, l.stage, t.accepted_at, l.policy_id, l.limit_min,
        case when l.stage = 'FRS' then t.first_reply_at else t.feedback_at end as ended_at
    from tickets as t
    join limits as l on l.preference = 1 and l.priority = t.priority and l.type_l1 = t.type_l1
),
clocked as (
    select
        c.ticket_id, c.stage, c.policy_id, c.limit_min, c.accepted_at as started_at, c.ended_at,
        seconds_between(c.accepted_at, coalesce(c.ended_at, r.as_of)) as elapsed_s,
        plus_minutes(c.accepted_at, c.limit_min) as due_at
    from chosen as c
    cross join run as r
)
select
    k.ticket_id,
    k.stage,
    k.policy_id,
    k.limit_min,
    k.started_at,
    k.ended_at,
    k.due_at,
    k.elapsed_s,
    case
        when k.elapsed_s > k.limit_min * 60 then 'overdue'
        when k.ended_at is not null then 'on_time'
        when k.elapsed_s >= k.limit_min * 48 then 'soon_due'
        else 'running'
    end as state,
    coalesce(a.policy_id = k.policy_id, false) as is_in_force
from clocked as k
left join seed_assignment as a
    on k.started_at >= a.accepted_from and (a.accepted_to is null or k.started_at < a.accepted_to)
