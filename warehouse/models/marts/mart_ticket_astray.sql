-- One row per counted complaint that was sent back, returned, reopened, went round or was passed on three times.
-- Class: L2
-- Slice: ticket_id
-- Order: accepted_at
-- Rows of mart_ticket, for lists of what went astray (flow.py). depts: the departments that had it, each in
-- pointed brackets, so that those of one department are found without reading the hand-overs of all tickets.
with tickets as (
    select *
    from mart_ticket
    where n_transfers >= 3 or n_rejects > 0 or n_loops > 0 or n_bounces > 0 or n_reopens > 0
),
stays as (
    select distinct h.ticket_id, h.dept
    from fact_ticket_handover as h
    join tickets as t on t.ticket_id = h.ticket_id
),
had as (
    select ticket_id, joined(array_sort(array_agg('<' || dept || '>'))) as depts
    from stays
    group by ticket_id
)
select t.*, h.depts
from tickets as t
left join had as h on h.ticket_id = t.ticket_id
