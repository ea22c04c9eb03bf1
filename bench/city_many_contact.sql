-- Calls and messages about the tickets of copies.
select
    c.* replace (
        c.row_no + m.copy * 10000000 as row_no,
        c.contact_id || '-' || m.copy as contact_id,
        c.ticket_id || '-' || m.copy as ticket_id,
        c.contact_at + to_days(m.days) as contact_at,
        strftime(c.contact_at + to_days(m.days), '%Y-%m') as part
    )
from lake_contact as c
join moved as m on m.ticket_id = c.ticket_id
