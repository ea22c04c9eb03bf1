-- The event log of the tickets of `fact_ticket`, thirteen events each, as fact_ticket_event holds them.
with steps as (
    select unnest([
        'ACP', 'REG', 'CLS', 'DSP', 'ACC', 'FRS', 'INV', 'PLN', 'PROGRESS', 'RES', 'FBK', 'SAT', 'ARC'
    ]) as event, unnest(range(1, 14)) as event_no
)
select
    t.ticket_id,
    s.event_no,
    cast(1 as bigint) as cycle_no,
    s.event_no as seq,
    case s.event
        when 'ACP' then t.accepted_at
        when 'DSP' then t.dispatched_at
        when 'FRS' then t.first_reply_at
        when 'RES' then t.resolved_at
        when 'FBK' then t.feedback_at
        else t.accepted_at + to_seconds(cast(hash(t.ticket_id, s.event_no) % (s.event_no * s.event_no * 900) as bigint))
    end as event_at,
    s.event,
    'CARE' as from_dept,
    t.owner_dept as to_dept,
    'S' || cast(hash(t.ticket_id) % 300 as varchar) as staff_key,
    s.event_no > 3 as is_substantive,
    cast(null as varchar) as note_scrubbed,
    1 as n_sent,
    false as is_out_of_order,
    true as is_known,
    false as is_early
from fact_ticket as t
cross join steps as s
where s.event not in ('RES', 'FBK', 'ARC') or t.feedback_at is not null
