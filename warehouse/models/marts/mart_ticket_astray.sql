-- One row per counted complaint that was sent back, returned, reopened, went round or was passed on three times.
-- Class: L2
-- Slice: ticket_id
-- Order: accepted_at
-- Rows of mart_ticket, for lists of what went astray (flow.py). way: its stays, each as the number of the stay from
-- 10001 on and the department in pointed brackets, so that neither those of one department nor the way of one ticket
-- have to be looked for among the hand-overs of all tickets.
with tickets as (
    select *
    from mart_ticket
    where n_transfers >= 3 or n_rejects > 0 or n_loops > 0 or n_bounces > 0 or n_reopens > 0
),
had as (
    select
        h.ticket_id,
        array_sort(array_agg(cast(10000 + h.visit_no as string) || '<' || h.dept || '>')) as stays
    from fact_ticket_handover as h
    join tickets as t on t.ticket_id = h.ticket_id
    group by h.ticket_id
)
select t.*, joined(h.stays) as way
from tickets as t
left join had as h on h.ticket_id = t.ticket_id
