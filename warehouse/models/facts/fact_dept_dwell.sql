-- One row per stay of a ticket at a department, from the event log.
-- Class: L2
-- Slice: ticket_id
-- Open: out_at is null
-- A stay ends with the hand-over that follows it. One that no hand-over ends lasts until the department's answer: the
-- last RES of the stay, else FBK, else ARC, else the closing of the ticket; null: the ticket is still there, counted up
-- to the instant of the release. From an answer to a reopening the ticket is with nobody.
-- dwell_nonwork_min: the minutes of it outside the working hours of working days of the workspace's calendar.
-- first_accept_min, first_action_min: from the coming to the first ACC, and to the first event of substance by this
-- department other than taking the ticket in or passing it on; null: none.
-- Tickets without a log have no stays: their export says who had them last, not since when.
with visits as (
    select * from fact_ticket_handover
),
tickets as (
    select ticket_id, feedback_at from fact_ticket
),
events as (
    select ticket_id, event_no, event, event_at, to_dept, is_substantive from fact_ticket_event where not is_early
),
days as (
    select
        date_on,
        is_workday,
        sum(case when is_workday then 1 else 0 end) over (
            order by date_on rows between unbounded preceding and current row
        ) as n_workdays
    from dim_date
),
told as (
    select
        v.ticket_id,
        v.visit_no,
        max(case when e.event = 'RES' then e.event_at end) as res_at,
        max(case when e.event = 'FBK' then e.event_at end) as fbk_at,
        max(case when e.event = 'ARC' then e.event_at end) as arc_at,
        min(case when e.event = 'ACC' then e.event_at end) as accept_at,
        min(
            case when e.is_substantive and coalesce(e.to_dept, v.dept) = v.dept
                and e.event not in (
                    'ACP', 'ACC', 'DSP', 'TRANSFER', 'REJECT', 'REOPEN', 'URGE', 'EXTERNAL', 'MERGE', 'SUSPEND', 'RESUME'
                ) then e.event_at end
        ) as action_at
    from visits as v
    join events as e
        on e.ticket_id = v.ticket_id
        and e.event_no >= v.event_no
        and (v.next_event_no is null or e.event_no < v.next_event_no)
    group by v.ticket_id, v.visit_no
),
ended as (
    select
        v.ticket_id, v.visit_no, v.cycle_no, v.dept, v.came_by, v.is_return, v.is_bounce, v.in_at, s.accept_at, s.action_at,
        case
            when v.next_by <> 'REOPEN' then v.next_in_at
            else coalesce(
                s.res_at, s.fbk_at, s.arc_at, v.next_in_at, case when t.feedback_at >= v.in_at then t.feedback_at end
            )
        end as out_at
    from visits as v
    join tickets as t on t.ticket_id = v.ticket_id
    left join told as s on s.ticket_id = v.ticket_id and s.visit_no = v.visit_no
),
-- A stay that began after the instant of the release has no length yet.
measured as (
    select
        e.*,
        case when e.out_at is not null then e.out_at when e.in_at <= r.as_of then r.as_of end as until_at,
        r.work_start_s,
        r.work_end_s
    from ended as e
    cross join run as r
),
clocked as (
    select
        m.*,
        seconds_between(m.in_at, m.until_at) as dwell_s,
        hour(m.in_at) * 3600 + minute(m.in_at) * 60 + second(m.in_at) as in_s,
        hour(m.until_at) * 3600 + minute(m.until_at) * 60 + second(m.until_at) as until_s
    from measured as m
),
worked as (
    select
        c.*,
        (u.n_workdays - i.n_workdays) * (c.work_end_s - c.work_start_s)
            - case when u.is_workday then c.work_end_s - least(greatest(c.until_s, c.work_start_s), c.work_end_s) else 0 end
            + case when i.is_workday then c.work_end_s - least(greatest(c.in_s, c.work_start_s), c.work_end_s) else 0 end
            as work_s
    from clocked as c
    left join days as i on i.date_on = cast(c.in_at as date)
    left join days as u on u.date_on = cast(c.until_at as date)
)
select
    w.ticket_id,
    w.visit_no,
    w.cycle_no,
    w.dept,
    w.came_by,
    w.in_at,
    w.out_at,
    cast(w.dwell_s as double) / 60 as dwell_min,
    cast(w.dwell_s - w.work_s as double) / 60 as dwell_nonwork_min,
    cast(seconds_between(w.in_at, w.accept_at) as double) / 60 as first_accept_min,
    cast(seconds_between(w.in_at, w.action_at) as double) / 60 as first_action_min,
    w.is_return,
    w.is_bounce
from worked as w
