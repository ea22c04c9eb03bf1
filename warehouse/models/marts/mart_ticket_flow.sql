-- One row per counted complaint: what its event log says of the way it went.
-- Class: L2
-- Slice: ticket_id
-- Open: false
-- dept: where the first dispatch sent it; NONE where the first line settled it itself. is_on_target: never with another
-- department after the dispatch. is_retyped: classified again after it. is_gappy: closed although the log lacks a
-- stage that it passed: registered, classified, first contact, resolved, told, and signed for by the department where
-- one was dispatched to (dim_stage.is_main). is_unsurveyed: closed without anybody asking whether it helped.
-- is_routed: dispatched, and the routing names a department for its type; is_off_route: that is not where the first
-- dispatch went, nor to a department that may have it too, nor to customer care, which may settle any simple case.
-- reply_class, dispatch_class: acceptance to the first contact and to the first dispatch, classes as in mart_stay.
-- is_off: accepted on a weekend or holiday, or after working hours on the eve of one. approval_s: from the event before
-- each approval to the approval. accepted_at: midnight of the day of acceptance. n_people: 0 for a ticket that repeats an
-- earlier one, else 1, for small groups.
with days as (
    select date_on, not is_workday as is_off, not lead(is_workday) over (order by date_on) as is_eve from dim_date
),
tickets as (
    select * from mart_ticket
),
events as (
    select
        ticket_id, event_no, event, event_at, to_dept,
        lag(event_at) over (partition by ticket_id order by event_no) as before_at
    from fact_ticket_event
    where is_known and not is_early
),
sent as (
    select ticket_id, min(event_no) as event_no, min(event_at) as sent_at, min_by(to_dept, event_no) as dept
    from events
    where event = 'DSP'
    group by ticket_id
),
seen as (
    select
        e.ticket_id,
        max(case when e.event = 'REG' then 1 else 0 end) as has_reg,
        max(case when e.event = 'CLS' then 1 else 0 end) as has_cls,
        max(case when e.event = 'ACC' then 1 else 0 end) as has_acc,
        max(case when e.event = 'FRS' then 1 else 0 end) as has_frs,
        max(case when e.event = 'RES' then 1 else 0 end) as has_res,
        max(case when e.event = 'FBK' then 1 else 0 end) as has_fbk,
        max(case when e.event = 'SAT' then 1 else 0 end) as has_sat,
        max(case when e.event = 'CLS' and e.event_no > s.event_no then 1 else 0 end) as is_retyped,
        max(case when e.event = 'APR' and e.event_no < s.event_no then 1 else 0 end) as is_approved,
        sum(case when e.event = 'APR' then 1 else 0 end) as n_approvals,
        sum(case when e.event = 'APR' then seconds_between(e.before_at, e.event_at) else 0 end) as approval_s
    from events as e
    left join sent as s on s.ticket_id = e.ticket_id
    group by e.ticket_id
),
passed as (
    select
        h.ticket_id,
        count(distinct h.dept) as n_depts,
        count(distinct case when h.event_no >= s.event_no then h.dept end) as n_depts_after
    from fact_ticket_handover as h
    left join sent as s on s.ticket_id = h.ticket_id
    group by h.ticket_id
),
care as (
    select dept_code from dim_dept where kind = 'CARE'
),
routed as (
    select t.ticket_id, r.owner_dept, r.co_owners
    from tickets as t
    join dim_routing as r
        on r.type_code = t.type_code
        and t.accepted_on >= r.valid_from
        and (r.valid_to is null or t.accepted_on < r.valid_to)
),
joined as (
    select
        t.*,
        s.dept is not null and g.ticket_id is not null as is_routed,
        s.dept <> g.owner_dept and c.dept_code is null and not contains(g.co_owners, ';' || s.dept || ';')
            as is_elsewhere,
        e.ticket_id is not null as has_log,
        s.ticket_id is not null as is_dispatched,
        coalesce(s.dept, 'NONE') as dept,
        e.has_reg, e.has_cls, e.has_acc, e.has_frs, e.has_res, e.has_fbk, e.has_sat, e.is_retyped, e.is_approved,
        e.n_approvals, e.approval_s,
        p.n_depts, p.n_depts_after,
        e.ticket_id is not null and t.feedback_at is not null as is_closed,
        d.is_off or coalesce(d.is_eve, false) and t.hour_of_day * 3600 >= r.work_end_s as is_off,
        seconds_between(t.accepted_at, t.first_reply_at) as reply_s,
        seconds_between(t.accepted_at, s.sent_at) as dispatch_s
    from tickets as t
    left join seen as e on e.ticket_id = t.ticket_id
    left join sent as s on s.ticket_id = t.ticket_id
    left join passed as p on p.ticket_id = t.ticket_id
    left join routed as g on g.ticket_id = t.ticket_id
    left join care as c on c.dept_code = s.dept
    left join days as d on d.date_on = t.accepted_on
    cross join run as r
)
select
    ticket_id,
    cast(accepted_on as timestamp) as accepted_at,
    hour_of_day,
    is_workday,
    is_month_edge,
    is_off,
    type_l1,
    region_code,
    priority,
    dept,
    has_log,
    is_dispatched,
    is_closed,
    is_routed,
    coalesce(is_elsewhere, false) as is_off_route,
    coalesce(n_depts_after = 1, false) as is_on_target,
    coalesce(n_depts >= 2, false) as is_moved,
    coalesce(is_approved = 1, false) as is_approved,
    coalesce(is_retyped = 1, false) as is_retyped,
    is_closed and (
        has_reg + has_cls + has_frs + has_res + has_fbk < 5 or is_dispatched and has_acc = 0
    ) as is_gappy,
    is_closed and has_sat = 0 as is_unsurveyed,
    cast(coalesce(n_approvals, 0) as bigint) as n_approvals,
    cast(coalesce(approval_s, 0) as bigint) as approval_s,
    coalesce(n_transfers, 0) as n_transfers,
    coalesce(n_rejects, 0) as n_rejects,
    coalesce(n_loops, 0) as n_loops,
    coalesce(n_bounces, 0) as n_bounces,
    coalesce(n_reopens, 0) as n_reopens,
    case when is_repeat then 0 else 1 end as n_people,
    case when reply_s >= 0 and has_log then
        cast(floor(4 * ln(greatest(cast(reply_s as double) / 60, 1)) / 0.6931471805599453) as bigint)
    end as reply_class,
    case when dispatch_s >= 0 then
        cast(floor(4 * ln(greatest(cast(dispatch_s as double) / 60, 1)) / 0.6931471805599453) as bigint)
    end as dispatch_class
from joined
