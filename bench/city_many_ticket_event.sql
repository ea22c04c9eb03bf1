-- The log of the tickets of copies.
select
    e.* replace (
        e.row_no + m.copy * 10000000 as row_no,
        e.ticket_id || '-' || m.copy as ticket_id,
        e.event_at + to_days(m.days) as event_at,
        strftime(e.event_at + to_days(m.days), '%Y-%m') as part,
        md5(e.staff_key || m.copy % 20) as staff_key
    )
from lake_ticket_event as e
join moved as m on m.ticket_id = e.ticket_id
