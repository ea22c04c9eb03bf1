-- One row per open counted complaint with an event log: how long nothing has happened to it, and what is allowed.
-- Class: L2
-- idle_min: from the last event to the instant of the release. allowed_min: 4 hours, or a quarter of the limit in force
-- where that is longer; 30 minutes for P1 (requirements, RS03). dept: who has it now. is_unsigned: nobody there has
-- signed for it since it came.
with open_tickets as (
    select ticket_id, accepted_at, type_l1, type_code, region_code, priority, owner_dept, limit_min, due_at
    from mart_ticket
    where feedback_at is null and status <> 'closed'
),
logs as (
    select g.ticket_id, g.last_event_at
    from fact_ticket_log as g
    join open_tickets as t on t.ticket_id = g.ticket_id
),
stays as (
    select d.ticket_id, d.visit_no, d.dept, d.in_at, d.first_accept_min
    from fact_dept_dwell as d
    join open_tickets as t on t.ticket_id = d.ticket_id
),
last_stay as (
    select ticket_id, max(visit_no) as visit_no from stays group by ticket_id
),
here as (
    select d.ticket_id, d.dept, d.in_at, d.first_accept_min
    from stays as d
    join last_stay as s on s.ticket_id = d.ticket_id and s.visit_no = d.visit_no
),
timed as (
    select
        t.*,
        coalesce(h.dept, t.owner_dept) as dept,
        h.in_at,
        h.first_accept_min is null and h.dept is not null as is_unsigned,
        g.last_event_at,
        cast(seconds_between(g.last_event_at, r.as_of) as double) / 60 as idle_min,
        case when t.priority = 'P1' then 30 else greatest(240, 0.25 * coalesce(t.limit_min, 960)) end as allowed_min
    from open_tickets as t
    join logs as g on g.ticket_id = t.ticket_id
    left join here as h on h.ticket_id = t.ticket_id
    cross join run as r
    where g.last_event_at <= r.as_of
)
select
    ticket_id,
    accepted_at,
    type_l1,
    type_code,
    region_code,
    priority,
    owner_dept,
    dept,
    in_at,
    last_event_at,
    due_at,
    idle_min,
    cast(allowed_min as double) as allowed_min,
    idle_min > allowed_min as is_stuck,
    is_unsigned
from timed
