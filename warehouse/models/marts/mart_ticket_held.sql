-- One row per stay of a counted ticket with a department while the customer waited for a result.
-- Class: L2
-- Slice: ticket_id
-- For questions of the kind "who had which open tickets at a past moment": held_from inclusive, held_to exclusive, null
-- while it lasts. Between a result and a reopening nobody has a ticket. A stay ends with the next hand-over or with the
-- result of its cycle: told (FBK), else solved or archived; the last cycle ends with fact_ticket.feedback_at.
-- A ticket without a log is with the department of its export all the time.
-- n_transfers, has_returned: up to this stay, in all cycles and in this one. accept_min: from the coming to the
-- department's first ACC, null when it never accepted. chain_no: the how manieth ticket of its chain of repeats.
-- due_at, reply_due_at: of the policy in force; limit_min, reply_limit_min theirs.
with tickets as (
    select * from fact_ticket where is_counted
),
clocks as (
    select ticket_id, due_at, limit_min, reply_due_at from mart_ticket
),
numbered as (
    select
        ticket_id,
        row_number() over (partition by chain_id order by accepted_at, ticket_id) as chain_no
    from tickets
    where chain_id is not null
),
answers as (
    select
        ticket_id, cycle_no,
        max(case when event = 'FBK' then event_at end) as told_at,
        max(case when event in ('RES', 'ARC') then event_at end) as done_at
    from fact_ticket_event
    where event in ('FBK', 'RES', 'ARC') and not is_early
    group by ticket_id, cycle_no
),
last_cycles as (
    select ticket_id, max(cycle_no) as cycle_no from fact_ticket_handover group by ticket_id
),
stays as (
    select
        v.ticket_id, v.visit_no, v.cycle_no, v.dept, v.in_at as held_from, v.next_in_at, d.first_accept_min,
        sum(case when v.came_by = 'TRANSFER' then 1 else 0 end) over (
            partition by v.ticket_id order by v.visit_no rows between unbounded preceding and current row
        ) as n_transfers,
        max(case when v.is_return then 1 else 0 end) over (
            partition by v.ticket_id, v.cycle_no order by v.visit_no rows between unbounded preceding and current row
        ) = 1 as has_returned,
        case
            when v.cycle_no = l.cycle_no then t.feedback_at
            else coalesce(a.told_at, a.done_at)
        end as answered_at
    from fact_ticket_handover as v
    join tickets as t on t.ticket_id = v.ticket_id
    join last_cycles as l on l.ticket_id = v.ticket_id
    left join fact_dept_dwell as d on d.ticket_id = v.ticket_id and d.visit_no = v.visit_no
    left join answers as a on a.ticket_id = v.ticket_id and a.cycle_no = v.cycle_no
    union all
    select
        ticket_id, cast(1 as bigint) as visit_no, cast(1 as bigint) as cycle_no,
        coalesce(owner_dept, 'UNKNOWN') as dept, accepted_at as held_from, cast(null as timestamp) as next_in_at,
        cast(null as double) as first_accept_min, 0 as n_transfers, false as has_returned, feedback_at as answered_at
    from tickets
    where source = 'summary'
),
ended as (
    select s.*, least(coalesce(s.next_in_at, s.answered_at), coalesce(s.answered_at, s.next_in_at)) as held_to
    from stays as s
)
select
    e.ticket_id,
    e.visit_no,
    e.cycle_no,
    e.dept,
    e.held_from,
    e.held_to,
    e.first_accept_min as accept_min,
    cast(e.n_transfers as bigint) as n_transfers,
    e.has_returned,
    t.accepted_at,
    t.type_l1,
    t.type_code,
    t.region_code,
    t.priority,
    t.escalation_tendency is not null as is_tagged,
    t.promise_due_at,
    t.first_reply_at,
    c.due_at,
    c.limit_min,
    c.reply_due_at,
    cast(seconds_between(t.accepted_at, c.reply_due_at) / 60 as bigint) as reply_limit_min,
    coalesce(n.chain_no, 1) as chain_no
from ended as e
join tickets as t on t.ticket_id = e.ticket_id
left join clocks as c on c.ticket_id = e.ticket_id
left join numbered as n on n.ticket_id = e.ticket_id
where e.held_to is null or e.held_to > e.held_from
