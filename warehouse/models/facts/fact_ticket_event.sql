-- One row per event of a ticket, numbered in the order the events happened.
-- Class: L2; L3 staff_key, note_scrubbed
-- Time decides the order; the source's own number only among events of one second (is_out_of_order: it says otherwise).
-- An event that a log sent again under another number stands once (n_sent). Events of tickets that no export knows are
-- kept (is_known). is_early: before its ticket was accepted; no stage ends with such an event.
-- A reopening begins the next cycle. Where the source is silent on substance, the kind of event decides.
with events as (
    select * from stg_ticket_event
),
tickets as (
    select ticket_id, accepted_at from stg_ticket
),
copies as (
    select
        e.*,
        row_number() over (
            partition by e.ticket_id, e.event_at, e.event, e.from_dept, e.to_dept order by e.seq
        ) as copy_no,
        count(*) over (partition by e.ticket_id, e.event_at, e.event, e.from_dept, e.to_dept) as n_sent
    from events as e
),
numbered as (
    select
        c.*,
        row_number() over (partition by c.ticket_id order by c.event_at, c.seq) as event_no,
        1 + count(case when c.event = 'REOPEN' then 1 end) over (
            partition by c.ticket_id order by c.event_at, c.seq rows between unbounded preceding and current row
        ) as cycle_no,
        max(c.seq) over (
            partition by c.ticket_id order by c.event_at, c.seq rows between unbounded preceding and 1 preceding
        ) as highest_seq_before
    from copies as c
    where c.copy_no = 1
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
    coalesce(n.highest_seq_before > n.seq, false) as is_out_of_order,
    t.ticket_id is not null as is_known,
    coalesce(n.event <> 'ACP' and n.event_at < t.accepted_at, false) as is_early
from numbered as n
left join tickets as t on t.ticket_id = n.ticket_id
