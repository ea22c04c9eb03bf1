-- One row per complaint ticket.
-- Class: L2; L3 lon, lat, grid50, summary_scrubbed, intake_staff
-- Slice: ticket_id
-- Order: accepted_at
-- is_counted: a valid complaint or fault that is the first filing of its case (fact_ticket_case says which are second ones).
-- What other filings of the case reached outside is kept on the one that counts.
-- The event log wins over the ticket's own summary columns (2.7 no. 15). Where the log is silent on a time, the export's
-- stands, unless a later reopening undid it.
-- feedback_at: the result told to the customer. A ticket that was archived, or resolved by a source that never records
-- feedback or says it is closed, is closed with feedback unknown: its resolution, else its archiving, else the last event
-- of its log stands for it, and is_feedback_unknown is true.
-- The district is the source's own, else the one the point lies in, else that of the customer's home (2.7 no. 18, 2.8).
with types as (
    select type_code, type_l1 from dim_type
),
channels as (
    select channel_code, channel_group from dim_channel
),
logged as (
    select * from fact_ticket_log
),
-- What decides about a ticket by looking at others, apart from the rest of its row: only this is ordered and grouped.
filed as (
    select
        ticket_id, cust_key, type_code, accepted_at, own_level, case_id, linked_by, is_linked_external,
        is_complaint and case_id = ticket_id as is_counted,
        is_complaint and case_id <> ticket_id as is_duplicate
    from fact_ticket_case
),
-- Whether anything ever records feedback: the logs, and each system's export.
habits as (
    select count(*) > 0 as logs_tell_feedback from dim_recorded where source = 'log' and stage = 'FBK'
),
export_habits as (
    select source_system from dim_recorded where source = 'summary' and stage = 'FBK'
),
second_levels as (
    select case_id, max(own_level) as level_reached from filed where is_duplicate group by case_id
),
-- Repeats look at the nearest earlier ticket of the matter that counts, 30 days back at most; a chain is a row of them.
matters as (
    select
        f.ticket_id, f.cust_key, f.type_code, f.accepted_at,
        lag(f.accepted_at) over (
            partition by f.cust_key, f.type_code order by f.accepted_at, f.ticket_id
        ) as before_at,
        lead(f.accepted_at) over (
            partition by f.cust_key, f.type_code order by f.accepted_at, f.ticket_id
        ) as after_at
    from filed as f
    where f.is_counted and f.cust_key is not null
),
linked as (
    select
        m.*,
        case when seconds_between(m.before_at, m.accepted_at) <= 2592000 then m.before_at end as repeat_of_at
    from matters as m
    where seconds_between(m.before_at, m.accepted_at) <= 2592000
        or seconds_between(m.accepted_at, m.after_at) <= 2592000
),
numbered_chains as (
    select
        l.*,
        sum(case when l.repeat_of_at is not null then 0 else 1 end) over (
            partition by l.cust_key, l.type_code order by l.accepted_at, l.ticket_id
            rows between unbounded preceding and current row
        ) as chain_no
    from linked as l
),
repeats as (
    select
        n.ticket_id, n.repeat_of_at,
        first_value(n.ticket_id) over (
            partition by n.cust_key, n.type_code, n.chain_no order by n.accepted_at, n.ticket_id
        ) as chain_id
    from numbered_chains as n
),
timed as (
    select
        c.*,
        coalesce(y.type_l1, 'UNMAPPED') as type_l1,
        k.type_code as known_type,
        coalesce(h.channel_code, 'UNMAPPED') as known_channel,
        coalesce(h.channel_group, 'other') as channel_group,
        k.own_level,
        k.case_id,
        k.linked_by,
        k.is_linked_external,
        k.is_counted,
        k.is_duplicate,
        l.ticket_id is not null as has_log,
        coalesce(l.dispatched_at, c.dispatched_at) as dsp_at,
        coalesce(l.first_reply_at, c.first_reply_at) as frs_at,
        coalesce(l.resolved_at, case when l.last_reopened_at is null or c.resolved_at > l.last_reopened_at
            then c.resolved_at end) as res_at,
        coalesce(l.feedback_at, case when l.last_reopened_at is null or c.feedback_at > l.last_reopened_at
            then c.feedback_at end) as fbk_at,
        coalesce(l.archived_at, case when l.last_reopened_at is null or c.archived_at > l.last_reopened_at
            then c.archived_at end) as arc_at,
        coalesce(l.first_resolved_at, c.resolved_at) as first_res_at,
        case when l.holder <> 'UNKNOWN' then l.holder else c.owner_dept end as last_dept,
        coalesce(l.n_transfers, c.n_transfers, 0) as transfers,
        coalesce(l.n_chasers, c.n_chasers, 0) as chasers,
        coalesce(l.n_reopens, c.n_reopens, 0) as reopens,
        l.n_rejects, l.n_loops, l.n_bounces, l.n_approvals, l.n_contacts,
        l.last_reopened_at,
        l.reopened_after_first_at,
        l.last_event_at
    from stg_ticket as c
    join filed as k on k.ticket_id = c.ticket_id
    left join types as y on y.type_code = c.type_code
    left join channels as h on h.channel_code = c.channel_code
    left join logged as l on l.ticket_id = c.ticket_id
),
closed as (
    select
        t.*,
        case
            when t.fbk_at is not null then t.fbk_at
            when t.arc_at is not null then coalesce(t.res_at, t.arc_at)
            when t.res_at is not null and (t.status = 'closed' or not case when t.has_log
                then h.logs_tell_feedback or e.source_system is not null else e.source_system is not null end)
                then t.res_at
            when t.status = 'closed' and t.last_reopened_at is null then t.last_event_at
        end as done_at
    from timed as t
    cross join habits as h
    left join export_habits as e on e.source_system = coalesce(t.source_system, '')
)
select
    t.ticket_id,
    t.parent_ticket_id,
    coalesce(t.merged_into, case when t.is_duplicate then t.case_id end) as merged_into,
    t.case_id,
    t.linked_by,
    t.is_linked_external,
    t.source_system,
    t.cust_key,
    t.accepted_at,
    cast(t.accepted_at as date) as accepted_on,
    t.occurred_at,
    t.known_channel as channel_code,
    t.channel_group,
    case when t.is_counted and e.level_reached > t.own_level then e.level_reached else t.own_level end
        as escalation_level,
    t.type_l1,
    t.known_type as type_code,
    t.type_detail,
    t.request_kind,
    t.validity,
    t.priority,
    t.priority_reasons,
    t.escalation_tendency,
    t.summary_scrubbed,
    t.home_region,
    coalesce(t.region_code, t.point_region, h.region_code, 'UNKNOWN') as region_code,
    case
        when t.region_code is not null then 'source'
        when t.point_region is not null then 'point'
        when h.region_code is not null then 'home'
    end as region_from,
    t.point_region,
    t.town,
    t.branch,
    t.urban_rural,
    t.place_name,
    t.lon,
    t.lat,
    t.geo_grade,
    t.place_id,
    t.datum_original,
    t.grid50,
    t.grid250,
    t.grid500,
    t.h3_8,
    t.h3_9,
    t.serving_cell_id,
    t.terminal_model,
    t.terminal_5g,
    t.cust_type,
    t.star,
    t.tenure_months,
    t.age_band,
    t.vip,
    t.package_name,
    t.intake_staff,
    t.dsp_at as dispatched_at,
    t.frs_at as first_reply_at,
    t.last_dept as owner_dept,
    t.transfers as n_transfers,
    t.chasers as n_chasers,
    t.reopens as n_reopens,
    t.n_rejects,
    t.n_loops,
    t.n_bounces,
    t.n_approvals,
    t.n_contacts,
    t.res_at as resolved_at,
    t.done_at as feedback_at,
    t.done_at is not null and t.fbk_at is null as is_feedback_unknown,
    t.arc_at as archived_at,
    coalesce(t.status, case when t.done_at is not null then 'closed' else 'open' end) as status,
    t.overdue_reason,
    t.is_solved,
    t.unresolved_reason,
    t.cause_l1,
    t.cause_l2,
    t.cause_l3,
    t.responsibility,
    t.compensation_yuan,
    t.compensation_gb,
    t.promise_due_at,
    t.hall_id,
    coalesce(t.is_template, false) as is_template,
    t.is_counted,
    t.is_duplicate,
    coalesce(r.chain_id, case when t.is_counted and t.cust_key is not null then t.ticket_id end) as chain_id,
    r.repeat_of_at,
    r.repeat_of_at is not null as is_repeat,
    coalesce(seconds_between(t.first_res_at, t.reopened_after_first_at) <= 604800, false) as is_reopened_7d,
    t.reopened_after_first_at as reopened_at,
    case when t.has_log then 'log' else 'summary' end as source,
    t.is_synthetic
from closed as t
left join repeats as r on r.ticket_id = t.ticket_id
left join second_levels as e on e.case_id = t.case_id
left join seed_region as h on h.region_code = t.home_region
