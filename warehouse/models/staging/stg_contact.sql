-- One row per contact with a customer.
-- Class: L2
-- Slice: ticket_id
select
    contact_id,
    ticket_id,
    contact_at,
    direction,
    kind,
    is_reached
from lake_contact
qualify row_number() over (
    partition by contact_id
    order by file_on desc, file_id desc, row_no desc
) = 1
