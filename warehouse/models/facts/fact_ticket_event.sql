-- One row per event of a ticket, numbered in the order the events happened.
-- Class: L2; L3 staff_key, note_scrubbed
-- Slice: ticket_id
-- Time decides the order; the source's own number only among events of one second (is_out_of_order: it is lower than that of the event before).
-- An event that a log sent again under another number stands once (n_sent). Events of tickets that no export knows are
-- kept (is_known). is_early: before its ticket was accepted; no stage ends with such an event.
-- A reopening begins the next cycle. Where the source is silent on substance, the kind of event decides.
with events as (
    select * from stg_ticket_event
),
tickets as (
    select ticket_id, accepted_at from fact_ticket_case
),
-- Only events of one second can be copies of each other.
crowded as (
    select ticket_id, event_at from events group by ticket_id, event_at having count(*) > 1
),
copies as (
    select
        e.ticket_id, e.seq,
        row_number() over (
            partition by e.ticket_id, e.event_at, e.event, e.from_dept, e.to_dept order by e.seq
        ) as copy_no,
        count(*) over (partition by e.ticket_id, e.event_at, e.event, e.from_dept, e.to_dept) as n_sent
    from events as e
    join crowded as c on c.ticket_id = e.ticket_id and c.event_at = e.event_at
),
once as (
    select e.*, coalesce(c.n_sent, 1) as n_sent
    from events as e
    left join copies as c on c.ticket_id = e.ticket_id and c.seq = e.seq
    where c.copy_no is null or c.copy_no = 1
),
numbered as (
    select
        o.*,
        row_number() over (partition by o.ticket_id order by o.event_at, o.seq) as event_no,
        1 + count(case when o.event = 'REOPEN' then 1 end) over (
            partition by o.ticket_id order by o.event_at, o.seq rows between unbounded preceding and current row
        ) as cycle_no,
        lag(o.seq) over (partition by o.ticket_id order by o.event_at, o.seq) as seq_before
    from once as o
)
select
    n.ticket_id,
    n.event_no,
    n.cycle_no,
    n.seq,
    n.event_at,
    n.event,
    n.from_dept,
    n.to_dept,
    n.staff_key,
    coalesce(
        n.is_substantive, n.event in ('REG', 'CLS', 'APR', 'FRS', 'INV', 'PLN', 'RES', 'FBK', 'COMPENSATE')
    ) as is_substantive,
    n.note_scrubbed,
    n.n_sent,
    coalesce(n.seq_before > n.seq, false) as is_out_of_order,
    t.ticket_id is not null as is_known,
    coalesce(n.event <> 'ACP' and n.event_at < t.accepted_at, false) as is_early
from numbered as n
left join tickets as t on t.ticket_id = n.ticket_id
