-- One row per coming of a ticket to a department, from its event log.
-- Class: L2
-- Slice: ticket_id
-- A ticket is with the department that took it in, then moves with every dispatch, transfer and reject to another
-- department; a reopening brings it to the department it names, else back to the last one.
-- is_return: the department had it before in the same cycle. is_bounce: it comes straight back, A to B to A.
-- What follows a reopening is a new cycle, and no return. event_no and next_event_no bound the events of the stay.
with events as (
    select * from fact_ticket_event where not is_early
),
accepted as (
    select ticket_id, accepted_at from fact_ticket_case
),
moves as (
    select
        ticket_id, event_no, cycle_no, event as came_by, event_at,
        case when event = 'REOPEN' then to_dept else coalesce(to_dept, 'UNKNOWN') end as dept,
        from_dept
    from events
    where event in ('DSP', 'TRANSFER', 'REJECT', 'REOPEN')
),
taken_in as (
    select
        ticket_id,
        min(event_at) as first_event_at,
        min(case when event = 'ACP' then event_at end) as acp_at,
        min_by(to_dept, event_no) filter (where event = 'ACP' and to_dept is not null) as dept
    from events
    group by ticket_id
),
sent_on as (
    select ticket_id, min_by(from_dept, event_no) filter (where from_dept is not null) as dept
    from moves
    group by ticket_id
),
begun as (
    select
        i.ticket_id,
        cast(0 as bigint) as event_no,
        cast(1 as bigint) as cycle_no,
        'ACP' as came_by,
        least(i.first_event_at, coalesce(i.acp_at, a.accepted_at, i.first_event_at)) as came_at,
        coalesce(i.dept, s.dept, 'UNKNOWN') as dept
    from taken_in as i
    left join sent_on as s on s.ticket_id = i.ticket_id
    left join accepted as a on a.ticket_id = i.ticket_id
),
steps as (
    select * from begun
    union all
    select ticket_id, event_no, cycle_no, came_by, event_at as came_at, dept from moves
),
-- A reopening that names no department takes the last one named before it.
unnamed as (
    select r.ticket_id, r.event_no, max_by(s.dept, s.event_no) as dept
    from steps as r
    join steps as s on s.ticket_id = r.ticket_id and s.event_no < r.event_no
    where r.dept is null and s.dept is not null
    group by r.ticket_id, r.event_no
),
held as (
    select s.ticket_id, s.event_no, s.cycle_no, s.came_by, s.came_at, coalesce(s.dept, u.dept) as dept
    from steps as s
    left join unnamed as u on u.ticket_id = s.ticket_id and u.event_no = s.event_no
),
changes as (
    select h.*, lag(h.dept) over (partition by h.ticket_id order by h.event_no) as dept_before from held as h
),
visits as (
    select * from changes where dept_before is null or dept <> dept_before or came_by = 'REOPEN'
)
select
    v.ticket_id,
    row_number() over (partition by v.ticket_id order by v.event_no) as visit_no,
    v.cycle_no,
    v.dept,
    v.dept_before,
    v.came_by,
    v.came_at as in_at,
    lead(v.came_at) over (partition by v.ticket_id order by v.event_no) as next_in_at,
    lead(v.came_by) over (partition by v.ticket_id order by v.event_no) as next_by,
    v.event_no,
    lead(v.event_no) over (partition by v.ticket_id order by v.event_no) as next_event_no,
    row_number() over (partition by v.ticket_id, v.cycle_no, v.dept order by v.event_no) > 1 as is_return,
    coalesce(lag(v.dept, 2) over (partition by v.ticket_id, v.cycle_no order by v.event_no) = v.dept, false) as is_bounce
from visits as v
