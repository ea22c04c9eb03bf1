-- One row per counted ticket with an answer in its event log: the department and the person who gave it, on their own clock.
-- Class: L2; L3 staff_key
-- Slice: ticket_id
-- Order: accepted_at
-- owner_dept and staff_key are those of the last RES. The clock is the department's own: its stays on this ticket up to
-- that answer, not the company's time before or after. own_hours: all of it; own_work_hours: what lay in working hours;
-- own_first_minutes: from the first coming that led to an act of substance to that act; reply_limit_min: the limit of
-- the first reply in force at acceptance, here counted from the coming. is_informed as in fact_ticket_informed, null
-- where not due. Whole seconds are added: sums of fractions hang on the order of rows.
with tickets as (
    select * from mart_ticket where accepted_at is not null
),
results as (
    select ticket_id, max(event_no) as event_no
    from fact_ticket_event
    where event = 'RES' and not is_early and is_known
    group by ticket_id
),
answered as (
    select e.ticket_id, e.event_no, e.event_at as answered_at, e.staff_key, h.dept
    from results as r
    join fact_ticket_event as e on e.ticket_id = r.ticket_id and e.event_no = r.event_no
    join fact_ticket_handover as h
        on h.ticket_id = e.ticket_id
        and e.event_no >= h.event_no
        and (h.next_event_no is null or e.event_no < h.next_event_no)
),
own as (
    select
        a.ticket_id,
        cast(sum(cast(round(d.dwell_min * 60) as bigint)) as double) / 3600 as own_hours,
        cast(sum(cast(round((d.dwell_min - d.dwell_nonwork_min) * 60) as bigint)) as double) / 3600 as own_work_hours,
        min_by(d.first_action_min, case when d.first_action_min is not null then d.visit_no end) as own_first_minutes
    from answered as a
    join fact_dept_dwell as d on d.ticket_id = a.ticket_id and d.dept = a.dept and d.in_at <= a.answered_at
    group by a.ticket_id
),
informed as (
    select ticket_id, is_informed from fact_ticket_informed
)
select
    t.ticket_id,
    t.cust_key,
    t.accepted_at,
    t.accepted_on,
    t.week_start,
    t.month_start,
    t.type_l1,
    t.type_code,
    t.type_detail,
    t.channel_code,
    t.channel_group,
    t.region_code,
    t.town,
    t.cust_type,
    t.age_band,
    t.priority,
    a.dept as owner_dept,
    a.staff_key,
    a.answered_at,
    t.feedback_at,
    t.surveyed_at,
    t.answer_code,
    t.is_solved,
    t.is_reopened_7d,
    t.reopened_at,
    o.own_hours,
    o.own_work_hours,
    o.own_first_minutes,
    cast(seconds_between(t.accepted_at, t.reply_due_at) as double) / 60 as reply_limit_min,
    i.is_informed
from answered as a
join tickets as t on t.ticket_id = a.ticket_id
join own as o on o.ticket_id = a.ticket_id
left join informed as i on i.ticket_id = a.ticket_id
