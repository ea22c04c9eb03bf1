-- What customers of copies said.
select
    s.* replace (
        s.row_no + m.copy * 10000000 as row_no,
        s.ticket_id || '-' || m.copy as ticket_id,
        s.surveyed_at + to_days(m.days) as surveyed_at,
        strftime(s.surveyed_at + to_days(m.days), '%Y-%m') as part
    )
from lake_satisfaction as s
join moved as m on m.ticket_id = s.ticket_id
