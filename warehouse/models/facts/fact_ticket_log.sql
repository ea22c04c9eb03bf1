-- One row per ticket that has an event log: what the log says of it.
-- Class: L2
-- Slice: ticket_id
-- A resolution, feedback or archiving that a later reopening undid does not count as the final one. Events from before
-- the acceptance count for no time. is_known: an export knows the ticket.
with events as (
    select * from fact_ticket_event
),
reopened as (
    select ticket_id, max(event_no) as last_no, max(event_at) as last_at, min(event_at) as first_at
    from events
    where event = 'REOPEN'
    group by ticket_id
),
timed as (
    select
        e.ticket_id, e.event, e.event_at,
        not e.is_early as is_timely,
        not e.is_early and (r.last_no is null or e.event_no > r.last_no) as is_final,
        e.n_sent, e.is_out_of_order, e.is_early, e.is_known
    from events as e
    left join reopened as r on r.ticket_id = e.ticket_id
),
passed as (
    select
        ticket_id,
        count_if(is_return) as n_loops,
        count_if(is_bounce) as n_bounces,
        count(distinct dept) as n_depts,
        max_by(dept, visit_no) as holder
    from fact_ticket_handover
    group by ticket_id
)
select
    t.ticket_id,
    min(case when t.event = 'ACP' then t.event_at end) as accepted_at,
    min(case when t.event = 'DSP' and t.is_timely then t.event_at end) as dispatched_at,
    min(case when t.event = 'FRS' and t.is_timely then t.event_at end) as first_reply_at,
    min(case when t.event = 'RES' and t.is_timely then t.event_at end) as first_resolved_at,
    max(case when t.event = 'RES' and t.is_final then t.event_at end) as resolved_at,
    max(case when t.event = 'FBK' and t.is_final then t.event_at end) as feedback_at,
    max(case when t.event = 'ARC' and t.is_final then t.event_at end) as archived_at,
    min(r.first_at) as reopened_after_first_at,
    min(r.last_at) as last_reopened_at,
    min(p.holder) as holder,
    count(*) as n_events,
    cast(count_if(t.event = 'TRANSFER') as bigint) as n_transfers,
    cast(count_if(t.event = 'REJECT') as bigint) as n_rejects,
    cast(coalesce(min(p.n_loops), 0) as bigint) as n_loops,
    cast(coalesce(min(p.n_bounces), 0) as bigint) as n_bounces,
    cast(coalesce(min(p.n_depts), 0) as bigint) as n_depts,
    cast(count_if(t.event = 'URGE') as bigint) as n_chasers,
    cast(count_if(t.event = 'REOPEN') as bigint) as n_reopens,
    cast(count_if(t.event = 'APR') as bigint) as n_approvals,
    cast(count_if(t.event in ('FRS', 'URGE', 'PROGRESS', 'FBK', 'SAT')) as bigint) as n_contacts,
    cast(sum(t.n_sent) - count(*) as bigint) as n_sent_again,
    cast(count_if(t.is_out_of_order) as bigint) as n_out_of_order,
    cast(count_if(t.is_early) as bigint) as n_early,
    max(t.event_at) as last_event_at,
    bool_and(t.is_known) as is_known
from timed as t
left join reopened as r on r.ticket_id = t.ticket_id
left join passed as p on p.ticket_id = t.ticket_id
group by t.ticket_id
