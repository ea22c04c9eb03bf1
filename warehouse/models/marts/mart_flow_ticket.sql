-- One row per day of acceptance, level-1 type, district and first department of counted complaints.
-- Class: L2
-- dept: where the first dispatch sent the ticket; NONE where the first line settled it itself.
-- accepted_at: midnight of the day. All n_ are tickets unless the name says approvals, transfers or rejects.
-- n_on_target: dispatched and never with another department after. n_moved: with two departments or more.
-- n_retyped: classified again after the dispatch. n_unsurveyed: closed without anybody asking whether it helped.
-- n_gappy: closed although the log lacks a stage that it passed: registered, classified, first contact, resolved, told,
-- and signed for by the department where one was dispatched to (dim_stage.is_main).
-- n_people: tickets that repeat no earlier one, for small groups.
with tickets as (
    select * from mart_ticket
),
events as (
    select ticket_id, event_no, event, to_dept from fact_ticket_event where is_known and not is_early
),
sent as (
    select ticket_id, min(event_no) as event_no, min_by(to_dept, event_no) as dept
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
        sum(case when e.event = 'APR' then 1 else 0 end) as n_approvals
    from events as e
    left join sent as s on s.ticket_id = e.ticket_id
    group by e.ticket_id
),
logs as (
    select ticket_id, n_depts from fact_ticket_log
),
after as (
    select h.ticket_id, count(distinct h.dept) as n_depts
    from fact_ticket_handover as h
    join sent as s on s.ticket_id = h.ticket_id and h.event_no >= s.event_no
    group by h.ticket_id
)
select
    cast(t.accepted_on as timestamp) as accepted_at,
    t.type_l1,
    t.region_code,
    coalesce(s.dept, 'NONE') as dept,
    count(*) as n_tickets,
    count(e.ticket_id) as n_logged,
    count(s.ticket_id) as n_dispatched,
    cast(count_if(a.n_depts = 1) as bigint) as n_on_target,
    cast(count_if(e.n_approvals > 0) as bigint) as n_approved,
    cast(coalesce(sum(e.n_approvals), 0) as bigint) as n_approvals,
    cast(coalesce(sum(t.n_transfers), 0) as bigint) as n_transfers,
    cast(coalesce(sum(t.n_rejects), 0) as bigint) as n_rejects,
    cast(count_if(t.n_rejects > 0 and s.ticket_id is not null) as bigint) as n_sent_back,
    cast(count_if(t.n_transfers >= 3) as bigint) as n_thrice,
    cast(count_if(l.n_depts >= 2) as bigint) as n_moved,
    cast(count_if(t.n_loops > 0) as bigint) as n_looped,
    cast(count_if(t.n_bounces > 0) as bigint) as n_bounced,
    cast(count_if(t.n_reopens > 0) as bigint) as n_reopened,
    cast(count_if(t.n_reopens > 1) as bigint) as n_reopened_again,
    cast(count_if(e.is_retyped = 1) as bigint) as n_retyped,
    cast(count_if(e.ticket_id is not null and t.feedback_at is not null) as bigint) as n_closed,
    cast(count_if(t.feedback_at is not null and (
        e.has_reg + e.has_cls + e.has_frs + e.has_res + e.has_fbk < 5 or s.ticket_id is not null and e.has_acc = 0
    )) as bigint) as n_gappy,
    cast(count_if(t.feedback_at is not null and e.has_acc = 0 and s.ticket_id is not null) as bigint) as n_unsigned,
    cast(count_if(t.feedback_at is not null and e.has_frs = 0) as bigint) as n_unanswered,
    cast(count_if(t.feedback_at is not null and e.has_sat = 0) as bigint) as n_unsurveyed,
    cast(count_if(not t.is_repeat) as bigint) as n_people
from tickets as t
left join seen as e on e.ticket_id = t.ticket_id
left join sent as s on s.ticket_id = t.ticket_id
left join logs as l on l.ticket_id = t.ticket_id
left join after as a on a.ticket_id = t.ticket_id
group by t.accepted_on, t.type_l1, t.region_code, coalesce(s.dept, 'NONE')
