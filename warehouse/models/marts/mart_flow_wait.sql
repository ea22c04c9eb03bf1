-- One row per hour of acceptance, level-1 type, district, department, kind and length class of waits of complaints.
-- Class: L2
-- wait_kind: reply (acceptance to the first contact, by the department dispatched to), dispatch_approved and
-- dispatch_plain (acceptance to the first dispatch, with and without a step of approval before it).
-- wait_class as in mart_flow_stay. accepted_at: midnight of the day. is_off: accepted on a weekend or holiday, or after
-- working hours on the eve of one. P1 is left out: urgent tickets have their own clock. n_people: tickets that repeat no
-- earlier one, for small groups.
with days as (
    select date_on, not is_workday as is_off, not lead(is_workday) over (order by date_on) as is_eve from dim_date
),
tickets as (
    select * from mart_ticket where coalesce(priority, '') <> 'P1'
),
sent as (
    select
        ticket_id,
        min(event_at) as sent_at,
        min_by(to_dept, event_no) as dept
    from fact_ticket_event
    where event = 'DSP' and is_known and not is_early
    group by ticket_id
),
approved as (
    select e.ticket_id
    from fact_ticket_event as e
    join sent as s on s.ticket_id = e.ticket_id
    where e.event = 'APR' and e.event_at <= s.sent_at
    group by e.ticket_id
),
waits as (
    select
        t.ticket_id, 'reply' as wait_kind, coalesce(s.dept, 'NONE') as dept,
        seconds_between(t.accepted_at, t.first_reply_at) as wait_s
    from tickets as t
    left join sent as s on s.ticket_id = t.ticket_id
    where t.first_reply_at is not null
    union all
    select
        t.ticket_id,
        case when a.ticket_id is null then 'dispatch_plain' else 'dispatch_approved' end as wait_kind,
        s.dept,
        seconds_between(t.accepted_at, s.sent_at) as wait_s
    from tickets as t
    join sent as s on s.ticket_id = t.ticket_id
    left join approved as a on a.ticket_id = t.ticket_id
),
placed as (
    select
        t.accepted_on, t.hour_of_day, t.is_workday, t.is_month_edge, t.type_l1, t.region_code, t.is_repeat,
        w.dept, w.wait_kind, w.wait_s,
        d.is_off or coalesce(d.is_eve, false) and t.hour_of_day * 3600 >= r.work_end_s as is_off,
        cast(floor(4 * ln(greatest(cast(w.wait_s as double) / 60, 1)) / 0.6931471805599453) as bigint) as wait_class
    from waits as w
    join tickets as t on t.ticket_id = w.ticket_id
    join days as d on d.date_on = t.accepted_on
    cross join run as r
    where w.wait_s >= 0
)
select
    cast(accepted_on as timestamp) as accepted_at,
    hour_of_day,
    is_workday,
    is_off,
    is_month_edge,
    type_l1,
    region_code,
    dept,
    wait_kind,
    wait_class,
    count(*) as n_waits,
    cast(sum(wait_s) as double) / 60 as wait_min,
    cast(count_if(not is_repeat) as bigint) as n_people
from placed
group by
    accepted_on, hour_of_day, is_workday, is_off, is_month_edge, type_l1, region_code, dept, wait_kind, wait_class
