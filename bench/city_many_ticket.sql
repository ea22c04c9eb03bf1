-- Tickets of copies: under numbers and customers of their own, at their own time, without a point on the map.
select
    t.* replace (
        t.row_no + m.copy * 10000000 as row_no,
        t.ticket_id || '-' || m.copy as ticket_id,
        t.parent_ticket_id || '-' || m.copy as parent_ticket_id,
        t.merged_into || '-' || m.copy as merged_into,
        md5(t.cust_key || m.copy) as cust_key,
        md5(t.intake_staff || m.copy % 20) as intake_staff,
        t.accepted_at + to_days(m.days) as accepted_at,
        strftime(t.accepted_at + to_days(m.days), '%Y-%m') as part,
        t.occurred_at + to_days(m.days) as occurred_at,
        t.dispatched_at + to_days(m.days) as dispatched_at,
        t.first_reply_at + to_days(m.days) as first_reply_at,
        t.resolved_at + to_days(m.days) as resolved_at,
        t.feedback_at + to_days(m.days) as feedback_at,
        t.archived_at + to_days(m.days) as archived_at,
        t.promise_due_at + to_days(m.days) as promise_due_at,
        null as lon, null as lat, null as grid50, null as grid250, null as grid500, null as h3_8, null as h3_9,
        null as serving_cell_id, null as place_id
    )
from lake_ticket as t
join moved as m on m.ticket_id = t.ticket_id
