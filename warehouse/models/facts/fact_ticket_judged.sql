-- One row per counted ticket, policy and judged stage: the first reply (FRS) and the final result (FBK).
-- Class: L2
-- Slice: ticket_id
-- Open: ended_at is null
-- On time means elapsed <= limit, to the second. Open stages are judged at as_of. `is_in_force` marks the policy that
-- was in force when the ticket was accepted; the others answer "what if".
with tickets as (
    select * from fact_ticket where is_counted
),
stages as (
    select ticket_id, accepted_at, priority, type_l1, 'FRS' as stage, first_reply_at as ended_at from tickets
    union all
    select ticket_id, accepted_at, priority, type_l1, 'FBK' as stage, feedback_at as ended_at from tickets
),
limits as (
    select
        s.*,
        p.policy_id,
        p.limit_min,
        row_number() over (
            partition by s.ticket_id, s.stage, p.policy_id
            order by case when p.priority is not null then 1 else 0 end
                + case when p.type_l1 is not null then 2 else 0 end desc
        ) as preference
    from stages as s
    join dim_policy as p
        on p.stage = s.stage
        and (p.priority is null or p.priority = s.priority)
        and (p.type_l1 is null or p.type_l1 = s.type_l1)
),
chosen as (
    select * from limits where preference = 1
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
