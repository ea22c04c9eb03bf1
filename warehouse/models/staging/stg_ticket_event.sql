-- One row per event of a ticket.
-- Class: L2; L3 staff_key, note_scrubbed
-- Slice: ticket_id
select
    ticket_id,
    seq,
    event_at,
    event,
    from_dept,
    to_dept,
    staff_key,
    is_substantive,
    note_scrubbed
from lake_ticket_event
qualify row_number() over (
    partition by ticket_id, seq
    order by file_on desc, file_id desc, row_no desc
) = 1
