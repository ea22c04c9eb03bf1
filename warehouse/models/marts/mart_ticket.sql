-- One row per counted complaint, with everything measures need.
-- Class: L2
-- Slice: ticket_id
-- Order: accepted_at
with tickets as (
    select * from fact_ticket where is_counted
),
in_force as (
    select * from fact_ticket_judged
),
final as (
    select ticket_id, policy_id, due_at, limit_min, paused_s from in_force where stage = 'FBK'
),
reply as (
    select ticket_id, due_at, limit_min from in_force where stage = 'FRS'
)
select
    t.ticket_id,
    t.cust_key,
    t.accepted_at,
    t.accepted_on,
    d.week_start,
    d.month_start,
    d.weekday,
    d.day_of_month,
    d.is_month_start or d.is_month_end as is_month_edge,
    d.is_workday,
    hour(t.accepted_at) as hour_of_day,
    t.type_l1,
    t.type_code,
    t.type_detail,
    t.channel_code,
    t.channel_group,
    t.escalation_level,
    t.escalation_level <> 'L0' as is_escalated,
    t.region_code,
    t.town,
    t.urban_rural,
    coalesce(t.cust_type, 'UNKNOWN') as cust_type,
    coalesce(t.age_band, 'UNKNOWN') as age_band,
    coalesce(t.vip, false) as is_vip,
    t.priority,
    coalesce(t.owner_dept, 'UNKNOWN') as owner_dept,
    t.cause_l1,
    t.cause_l2,
    t.geo_grade,
    coalesce(t.geo_grade in ('A', 'B', 'C'), false) as is_located,
    t.first_reply_at,
    t.resolved_at,
    t.feedback_at,
    t.reopened_at,
    t.is_reopened_7d,
    t.status,
    t.is_solved,
    t.is_repeat,
    t.n_transfers,
    t.n_chasers,
    t.n_reopens,
    t.n_rejects,
    t.n_loops,
    t.n_bounces,
    t.is_linked_external,
    t.is_feedback_unknown,
    t.overdue_reason,
    t.responsibility,
    t.compensation_yuan,
    t.promise_due_at,
    f.policy_id,
    f.due_at,
    f.limit_min,
    r.due_at as reply_due_at,
    cast(seconds_between(t.accepted_at, t.feedback_at) as double) / 3600 as handling_hours,
    cast(seconds_between(t.accepted_at, t.feedback_at) - coalesce(f.paused_s, 0) as double) / 3600 as net_hours,
    cast(seconds_between(t.accepted_at, t.first_reply_at) as double) / 60 as reply_minutes,
    s.surveyed_at,
    s.answer_code
from tickets as t
left join dim_date as d on d.date_on = t.accepted_on
left join final as f on f.ticket_id = t.ticket_id
left join reply as r on r.ticket_id = t.ticket_id
left join fact_satisfaction as s on s.ticket_id = t.ticket_id
