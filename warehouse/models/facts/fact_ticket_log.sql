-- One row per ticket that has an event log.
-- Class: L2
-- Slice: ticket_id
-- A reply, resolution or feedback that a later reopening undid does not count as the final one.
with events as (
    select * from stg_ticket_event
),
reopened as (
    select ticket_id, max(event_at) as last_reopened_at, min(event_at) as first_reopened_at
    from events
    where event = 'REOPEN'
    group by ticket_id
)
select
    e.ticket_id,
    min(case when e.event = 'FRS' then e.event_at end) as first_reply_at,
    min(case when e.event = 'RES' then e.event_at end) as resolved_at,
    max(case when e.event = 'FBK' and (r.last_reopened_at is null or e.event_at >= r.last_reopened_at)
        then e.event_at end) as feedback_at,
    min(r.first_reopened_at) as reopened_after_first_at,
    count_if(e.event = 'TRANSFER') as n_transfers,
    count_if(e.event = 'URGE') as n_chasers,
    count_if(e.event = 'REOPEN') as n_reopens,
    count_if(e.event = 'APR') as n_approvals,
    max(e.event_at) as last_event_at
from events as e
left join reopened as r on r.ticket_id = e.ticket_id
group by e.ticket_id
