-- One row per counted ticket: when each stage was reached, on every clock a limit may use.
-- Class: L2
-- Slice: ticket_id
-- Open: open_s is not null
-- Seconds from the acceptance; null: not reached. What a limit makes of them is dim_limit's and mart_sla's business,
-- so that any policy can judge any ticket without a row for each pair of them.
-- reg_s to sat_s: first event of the stage, but the last RES, FBK and SAT; int_s: the first RES, the interim fix.
-- prg_s: longest time without word to the customer, of tickets that lasted more than a day.
-- open_s: age at the instant of the release of a ticket that is still open. receipt_s: when the filing with an outside
-- body reached the company. promise_s: the date promised.
-- *_paused_s: of it spent waiting for the customer, for a reason that counts, never more than the cap.
-- *_work_s: of it inside working hours of working days; of tickets that a limit in workdays may concern.
-- Times before the acceptance count as the acceptance: no clock runs backwards.
-- kind_key: what decides which limits hold, see dim_limit.
with tickets as (
    select * from fact_ticket where is_counted
),
events as (
    select ticket_id, event, event_at from fact_ticket_event where is_known and not is_early
),
days as (
    select
        date_on,
        week_start,
        month_start,
        is_workday,
        sum(case when is_workday then 1 else 0 end) over (
            order by date_on rows between unbounded preceding and current row
        ) as n_workdays
    from dim_date
),
turns as (
    select valid_from as turn_on from dim_policy where valid_from is not null
    union
    select valid_to as turn_on from dim_policy where valid_to is not null
),
eras as (
    select d.date_on, count(u.turn_on) as era
    from days as d
    left join turns as u on u.turn_on <= d.date_on
    group by d.date_on
),
named_types as (
    select distinct type_code from dim_policy where type_code is not null
),
reached as (
    select
        ticket_id,
        min(case when event = 'REG' then event_at end) as reg_at,
        min(case when event = 'CLS' then event_at end) as cls_at,
        min(case when event = 'INV' then event_at end) as inv_at,
        min(case when event = 'PLN' then event_at end) as pln_at,
        min(case when event = 'RES' then event_at end) as int_at,
        max(case when event = 'SAT' then event_at end) as sat_at,
        min(case when event = 'EXTERNAL' then event_at end) as external_at
    from events
    group by ticket_id
),
-- The filing of the same case with an outside body, where it is a ticket of its own.
filed as (
    select case_id, min(accepted_at) as filed_at
    from fact_ticket
    where channel_group = 'external'
    group by case_id
),
timed as (
    select
        t.ticket_id, t.accepted_at, t.accepted_on, t.type_l1, t.type_code, t.channel_group, t.channel_code,
        t.region_code, t.town,
        coalesce(t.owner_dept, 'UNKNOWN') as owner_dept,
        coalesce(t.cust_type, 'UNKNOWN') as cust_type,
        coalesce(t.age_band, 'UNKNOWN') as age_band,
        case when t.priority in ('P1', 'P2', 'P4') then t.priority else 'P3' end as priority,
        case when t.request_kind = 'fault' then 'fault' else 'complaint' end as request_kind,
        case
            when lower(t.urban_rural) in ('rural', '农村') then 'rural'
            when t.urban_rural is not null then 'urban'
            else 'unknown'
        end as area,
        case when t.n_transfers >= 3 or t.n_reopens >= 2 then 'complex' else 'ordinary' end as complexity,
        case when t.escalation_level in ('L1', 'L2', 'L3', 'L4') then t.escalation_level else 'L0' end as filing,
        t.source,
        t.feedback_at,
        t.dispatched_at,
        t.first_reply_at,
        t.resolved_at,
        coalesce(r.int_at, t.resolved_at) as int_at,
        r.reg_at, r.cls_at, r.inv_at, r.pln_at, r.sat_at,
        case when t.escalation_level in ('L3', 'L4') then coalesce(r.external_at, f.filed_at, t.accepted_at) end
            as receipt_at,
        t.promise_due_at,
        case when t.feedback_at is null and t.status <> 'closed' and t.accepted_at <= n.as_of then n.as_of end
            as open_at,
        coalesce(t.feedback_at, case when t.status <> 'closed' then n.as_of end) as until_at,
        n.work_start_s,
        n.work_end_s,
        n.pause_cap_s
    from tickets as t
    cross join run as n
    left join reached as r on r.ticket_id = t.ticket_id
    left join filed as f on f.case_id = t.case_id
),
-- Only waiting for the customer, with a reason: the words of the suspension say it.
reasons as (
    select e.ticket_id, e.event_at, min(r.reason_id) as reason_id
    from fact_ticket_event as e
    join seed_pause_reason as r on has_match(lower(e.note_scrubbed), r.reason_words)
    where e.event = 'SUSPEND'
    group by e.ticket_id, e.event_at
),
pauses as (
    select p.ticket_id, p.started_at, coalesce(p.ended_at, n.as_of) as ended_at
    from fact_ticket_pause as p
    join reasons as r on r.ticket_id = p.ticket_id and r.event_at = p.started_at
    cross join run as n
),
paused as (
    select
        t.ticket_id,
        sum(greatest(0, seconds_between(p.started_at, least(p.ended_at, t.feedback_at)))) as fbk_s,
        sum(greatest(0, seconds_between(p.started_at, least(p.ended_at, t.open_at)))) as open_s
    from timed as t
    join pauses as p on p.ticket_id = t.ticket_id and p.started_at >= t.accepted_at
    group by t.ticket_id
),
told as (
    select t.ticket_id, c.contact_at as told_at
    from timed as t
    join fact_contact as c on c.ticket_id = t.ticket_id and c.contact_at between t.accepted_at and t.until_at
    where c.direction = 'out' and coalesce(c.is_reached, true) and seconds_between(t.accepted_at, t.until_at) > 86400
    union all
    select ticket_id, accepted_at as told_at from timed where seconds_between(accepted_at, until_at) > 86400
    union all
    select ticket_id, until_at as told_at from timed where seconds_between(accepted_at, until_at) > 86400
),
silences as (
    select
        ticket_id,
        seconds_between(lag(told_at) over (partition by ticket_id order by told_at), told_at) as silent_s
    from told
),
longest as (
    select ticket_id, max(silent_s) as silent_s from silences group by ticket_id
),
-- Working seconds since the first day of the calendar, at the instants that a working clock reads.
used as (
    select count(*) > 0 as by_all from dim_policy where clock = 'working' and clock_from = 'ACP'
),
on_workdays as (
    select t.* from timed as t cross join used as u where u.by_all or t.receipt_at is not null
),
instants as (
    select ticket_id, 'ACP' as reading, accepted_at as read_at, work_start_s, work_end_s from on_workdays
    union all
    select ticket_id, 'FBK' as reading, feedback_at as read_at, work_start_s, work_end_s from on_workdays
    union all
    select ticket_id, 'OPEN' as reading, open_at as read_at, work_start_s, work_end_s from on_workdays
    union all
    select ticket_id, 'RECEIPT' as reading, receipt_at as read_at, work_start_s, work_end_s from on_workdays
),
odometers as (
    select
        i.ticket_id,
        i.reading,
        d.n_workdays * (i.work_end_s - i.work_start_s) - case
            when d.is_workday then i.work_end_s - least(greatest(
                hour(i.read_at) * 3600 + minute(i.read_at) * 60 + second(i.read_at), i.work_start_s
            ), i.work_end_s)
            else 0
        end as worked_s
    from instants as i
    join days as d on d.date_on = cast(i.read_at as date)
),
worked as (
    select
        ticket_id,
        max(case when reading = 'ACP' then worked_s end) as acp_s,
        max(case when reading = 'FBK' then worked_s end) as fbk_s,
        max(case when reading = 'OPEN' then worked_s end) as open_s,
        max(case when reading = 'RECEIPT' then worked_s end) as receipt_s
    from odometers
    group by ticket_id
)
select
    t.ticket_id,
    concat_ws(
        '|', cast(coalesce(e.era, 0) as string), coalesce(y.type_code, t.type_l1), t.priority, t.filing, t.complexity,
        t.request_kind, t.area, t.source
    ) as kind_key,
    t.accepted_at,
    t.accepted_on,
    d.week_start,
    d.month_start,
    t.type_l1, t.type_code, t.channel_group, t.channel_code, t.region_code, t.town, t.owner_dept, t.cust_type,
    t.age_band,
    t.priority, t.request_kind, t.area, t.complexity, t.filing, t.source,
    a.policy_id,
    case when t.reg_at is not null then greatest(0, seconds_between(t.accepted_at, t.reg_at)) end as reg_s,
    case when t.cls_at is not null then greatest(0, seconds_between(t.accepted_at, t.cls_at)) end as cls_s,
    case when t.dispatched_at is not null then greatest(0, seconds_between(t.accepted_at, t.dispatched_at)) end
        as dsp_s,
    case when t.first_reply_at is not null then greatest(0, seconds_between(t.accepted_at, t.first_reply_at)) end
        as frs_s,
    case when t.inv_at is not null then greatest(0, seconds_between(t.accepted_at, t.inv_at)) end as inv_s,
    case when t.pln_at is not null then greatest(0, seconds_between(t.accepted_at, t.pln_at)) end as pln_s,
    case when t.int_at is not null then greatest(0, seconds_between(t.accepted_at, t.int_at)) end as int_s,
    case when t.resolved_at is not null then greatest(0, seconds_between(t.accepted_at, t.resolved_at)) end as res_s,
    case when t.feedback_at is not null then greatest(0, seconds_between(t.accepted_at, t.feedback_at)) end as fbk_s,
    case when t.sat_at is not null then greatest(0, seconds_between(t.accepted_at, t.sat_at)) end as sat_s,
    s.silent_s as prg_s,
    case when t.open_at is not null then greatest(0, seconds_between(t.accepted_at, t.open_at)) end as open_s,
    case when t.receipt_at is not null then greatest(0, seconds_between(t.accepted_at, t.receipt_at)) end as receipt_s,
    case when t.promise_due_at is not null then greatest(0, seconds_between(t.accepted_at, t.promise_due_at)) end
        as promise_s,
    least(coalesce(p.fbk_s, 0), t.pause_cap_s) as fbk_paused_s,
    least(coalesce(p.open_s, 0), t.pause_cap_s) as open_paused_s,
    case when w.fbk_s is not null then greatest(0, w.fbk_s - w.acp_s) end as fbk_work_s,
    case when w.open_s is not null then greatest(0, w.open_s - w.acp_s) end as open_work_s,
    case when w.receipt_s is not null then greatest(0, w.receipt_s - w.acp_s) end as receipt_work_s
from timed as t
left join days as d on d.date_on = t.accepted_on
left join eras as e on e.date_on = t.accepted_on
left join named_types as y on y.type_code = t.type_code
left join paused as p on p.ticket_id = t.ticket_id
left join longest as s on s.ticket_id = t.ticket_id
left join worked as w on w.ticket_id = t.ticket_id
left join seed_assignment as a
    on t.accepted_at >= a.accepted_from and (a.accepted_to is null or t.accepted_at < a.accepted_to)
