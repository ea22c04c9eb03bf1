-- One row per counted ticket and judged stage, first reply (FRS) and final result (FBK), by the policy in force.
-- Class: L2
-- Slice: ticket_id
-- In force: at the ticket's acceptance; any other policy judges in mart_sla and on demand. On time means net_s <=
-- limit, to the second; elapsed_s is gross, net_s without the pauses that count. Open stages are judged at as_of; n_a:
-- the ticket is closed and the source does not say when the stage was reached. due_at: when the limit ends, moved by
-- those pauses. A policy in force limits both stages by natural time from the acceptance (seeds.py sees to it).
with clocks as (
    select * from fact_ticket_clock
),
limits as (
    select * from dim_limit where stage in ('FRS', 'FBK')
),
timed as (
    select
        c.ticket_id,
        l.stage,
        l.policy_id,
        l.limit_s,
        c.accepted_at,
        c.open_s,
        case when l.stage = 'FRS' then c.frs_s else c.fbk_s end as ended_s,
        case
            when not l.is_pausable then 0
            when c.open_s is not null then c.open_paused_s
            else c.fbk_paused_s
        end as paused_s
    from clocks as c
    join limits as l on l.kind_key = c.kind_key and l.policy_id = c.policy_id
),
clocked as (
    select
        t.*,
        coalesce(t.ended_s, t.open_s) as elapsed_s,
        greatest(0, coalesce(t.ended_s, t.open_s) - t.paused_s) as running_s
    from timed as t
)
select
    ticket_id,
    stage,
    policy_id,
    cast(limit_s / 60 as bigint) as limit_min,
    accepted_at as started_at,
    plus_seconds(accepted_at, ended_s) as ended_at,
    plus_seconds(accepted_at, limit_s + paused_s) as due_at,
    elapsed_s,
    paused_s,
    case when elapsed_s is not null then running_s end as net_s,
    case
        when elapsed_s is null then 'n_a'
        when running_s > limit_s then 'overdue'
        when ended_s is not null then 'on_time'
        when running_s * 5 >= limit_s * 4 then 'soon_due'
        else 'running'
    end as state
from clocked
