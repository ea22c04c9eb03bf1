-- One row per counted ticket whose result was told or whose customer was asked: what was done, and what was answered.
-- Class: L2
-- Slice: ticket_id
-- Order: accepted_at
-- For satisfaction by what happened to the ticket. Flags are false where nothing says so: is_late after its limit,
-- is_unsolved not judged solved, is_reopened within 7 days, is_silent open over 48 hours without word every 48 hours,
-- is_confirmed, is_number_gone: as in fact_satisfaction. is_passed_on handed to another department at least twice. reason: what the dissatisfied named, UNKNOWN without one.
with tickets as (
    select * from mart_ticket where feedback_at is not null or answer_code in (1, 2, 3)
),
informed as (
    select ticket_id, is_informed from fact_ticket_informed
),
answers as (
    select ticket_id, reason, is_confirmed, is_number_gone from fact_satisfaction where answer_code in (1, 2, 3)
)
select
    t.ticket_id,
    t.cust_key,
    t.accepted_at,
    t.accepted_on,
    t.week_start,
    t.type_l1,
    t.type_code,
    t.channel_code,
    t.channel_group,
    t.region_code,
    t.town,
    t.cust_type,
    t.age_band,
    t.priority,
    t.owner_dept,
    t.feedback_at,
    t.surveyed_at,
    t.answer_code,
    case when t.answer_code = 3 then coalesce(r.reason, 'UNKNOWN') end as reason,
    case when t.answer_code in (2, 3) then r.is_confirmed end as is_confirmed,
    r.is_number_gone,
    coalesce(t.feedback_at > t.due_at, false) as is_late,
    not coalesce(t.is_solved, false) as is_unsolved,
    coalesce(t.is_reopened_7d, false) as is_reopened,
    not coalesce(i.is_informed, true) as is_silent,
    coalesce(t.n_transfers, 0) >= 2 as is_passed_on
from tickets as t
left join informed as i on i.ticket_id = t.ticket_id
left join answers as r on r.ticket_id = t.ticket_id
