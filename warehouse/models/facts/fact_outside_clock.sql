-- One row per clock that a body outside sets and ticket it runs for, as far as it is still running or was broken.
-- Class: L2
-- Slice: ticket_id
-- Open: ended_at is null
-- answer_15d: a user may appeal when the operator has not answered within 15 days; runs for every complaint, also our
-- own. consumer_7wd: the consumer body reacts within 7 working days (day 1 is the next working day; the clock ends with
-- the seventh); filings by way of a government line (12345) are held to it too, as in policies.toml. appeal_30d: the regulator answers an appeal within 30 days. (Requirements 2.1.)
-- due_at: the last instant that is in time. state at as_of: broken (answered late), overdue, soon (less than a fifth of
-- the time is left), running. Answered in time: no row, except for filings outside (kept).
with workdays as (
    select
        date_on, is_workday,
        sum(case when is_workday then 1 else 0 end) over (
            order by date_on rows between unbounded preceding and current row
        ) as workday_no
    from dim_date
),
seventh as (
    select a.date_on, b.date_on as due_on
    from workdays as a
    join workdays as b on b.is_workday and b.workday_no = a.workday_no + 7
),
runs as (
    select
        'answer_15d' as clock, t.ticket_id, t.accepted_at as started_at,
        plus_minutes(t.accepted_at, 15 * 1440) as due_at, t.feedback_at as ended_at
    from fact_ticket as t
    cross join run as r
    where t.is_counted
        and (t.feedback_at is null or t.escalation_level <> 'L0'
            or t.feedback_at > plus_minutes(t.accepted_at, 15 * 1440))
    union all
    select
        'consumer_7wd' as clock, o.ticket_id, o.accepted_at as started_at,
        plus_minutes(cast(s.due_on as timestamp), 1440 - 1) as due_at, o.answered_at as ended_at
    from fact_outside as o
    join seventh as s on s.date_on = o.accepted_on
    where o.level = 'L3'
    union all
    select
        'appeal_30d' as clock, o.ticket_id, o.accepted_at as started_at,
        plus_minutes(o.accepted_at, 30 * 1440) as due_at, o.answered_at as ended_at
    from fact_outside as o
    where o.level = 'L4'
),
judged as (
    select
        c.*,
        r.as_of,
        seconds_between(coalesce(c.ended_at, r.as_of), c.due_at) as left_s,
        seconds_between(c.started_at, c.due_at) as limit_s
    from runs as c
    cross join run as r
)
select
    j.clock,
    j.ticket_id,
    t.cust_key,
    t.accepted_at,
    t.type_l1,
    t.type_code,
    t.channel_code,
    t.region_code,
    t.town,
    t.owner_dept,
    t.cust_type,
    t.age_band,
    t.priority,
    j.started_at,
    j.due_at,
    j.ended_at,
    cast(j.left_s as double) / 86400 as days_left,
    j.ended_at is null as is_open,
    case
        when j.ended_at is not null and j.left_s >= 0 then 'kept'
        when j.ended_at is not null then 'broken'
        when j.left_s < 0 then 'overdue'
        when j.left_s * 5 < j.limit_s then 'soon'
        else 'running'
    end as state
from judged as j
join fact_ticket as t on t.ticket_id = j.ticket_id
