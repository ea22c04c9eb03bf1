-- One row per complaint ticket.
-- Class: L2; L3 lon, lat, grid50, summary_scrubbed, intake_staff
-- Slice: ticket_id
-- is_counted: a valid complaint or fault, neither merged by hand nor a second ticket of one matter: the same number and
-- level-2 type within 24 hours, or an outside body's copy of it (by parent id or within 48 hours). What the outside
-- copy reached is kept on the ticket that counts. (Requirements 2.4, 2.7 no. 16.) The event log wins over the ticket's own summary columns (no. 15).
-- The district is the source's own, else the one the point lies in, else that of the customer's home (2.7 no. 18, 2.8).
with types as (
    select type_code, type_l1 from dim_type
),
channels as (
    select channel_code, channel_group, level, is_external from dim_channel
),
logged as (
    select * from fact_ticket_log
),
-- What a matter is decided by, apart from the rest of the row: only this is ordered.
filed as (
    select
        t.ticket_id,
        t.cust_key,
        t.accepted_at,
        t.parent_ticket_id,
        coalesce(y.type_code, 'UNMAPPED') as known_type,
        coalesce(c.level, 'L0') as escalation_level,
        coalesce(c.is_external, false) as is_external,
        t.request_kind in ('complaint', 'fault') and t.validity <> 'invalid' and t.merged_into is null as is_complaint
    from stg_ticket as t
    left join types as y on y.type_code = t.type_code
    left join channels as c on c.channel_code = t.channel_code
),
-- The matter is the same number with the same level-2 type; without a number every ticket is its own matter.
matters as (
    select
        f.*,
        lag(f.accepted_at) over (
            partition by coalesce(f.cust_key, f.ticket_id), f.known_type, f.is_complaint
            order by f.accepted_at, f.ticket_id
        ) as same_matter_before_at,
        lag(f.ticket_id) over (
            partition by coalesce(f.cust_key, f.ticket_id), f.known_type, f.is_complaint
            order by f.accepted_at, f.ticket_id
        ) as same_matter_before_id
    from filed as f
),
judged as (
    select
        m.*,
        m.is_complaint and (
            (m.cust_key is not null
                and coalesce(seconds_between(m.same_matter_before_at, m.accepted_at)
                    <= case when m.is_external then 172800 else 86400 end, false))
            or (m.is_external and m.parent_ticket_id is not null)
        ) as is_duplicate
    from matters as m
),
escalations as (
    select coalesce(j.parent_ticket_id, j.same_matter_before_id) as ticket_id, max(j.escalation_level) as level_reached
    from judged as j
    where j.is_duplicate and j.escalation_level <> 'L0'
    group by coalesce(j.parent_ticket_id, j.same_matter_before_id)
),
-- Repeats look at the nearest earlier ticket of the matter that is not itself a duplicate, 30 days back at most.
earlier as (
    select
        j.ticket_id,
        j.accepted_at,
        lag(j.accepted_at) over (
            partition by j.cust_key, j.known_type order by j.accepted_at, j.ticket_id
        ) as before_at
    from judged as j
    where j.is_complaint and not j.is_duplicate and j.cust_key is not null
),
repeats as (
    select ticket_id, before_at as repeat_of_at from earlier where seconds_between(before_at, accepted_at) <= 2592000
),
timed as (
    select
        t.*,
        coalesce(y.type_l1, 'UNMAPPED') as type_l1,
        j.known_type,
        coalesce(c.channel_code, 'UNMAPPED') as known_channel,
        coalesce(c.channel_group, 'other') as channel_group,
        j.escalation_level,
        j.is_complaint,
        j.is_duplicate,
        coalesce(l.first_reply_at, t.first_reply_at) as frs_at,
        coalesce(l.resolved_at, t.resolved_at) as res_at,
        case when l.ticket_id is not null then l.feedback_at else t.feedback_at end as fbk_at,
        coalesce(l.n_transfers, t.n_transfers, 0) as transfers,
        coalesce(l.n_chasers, t.n_chasers, 0) as chasers,
        coalesce(l.n_reopens, t.n_reopens, 0) as reopens,
        l.reopened_after_first_at
    from stg_ticket as t
    join judged as j on j.ticket_id = t.ticket_id
    left join types as y on y.type_code = t.type_code
    left join channels as c on c.channel_code = t.channel_code
    left join logged as l on l.ticket_id = t.ticket_id
)
select
    t.ticket_id,
    t.parent_ticket_id,
    t.merged_into,
    t.cust_key,
    t.accepted_at,
    cast(t.accepted_at as date) as accepted_on,
    t.occurred_at,
    t.known_channel as channel_code,
    t.channel_group,
    case when e.level_reached > t.escalation_level then e.level_reached else t.escalation_level end as escalation_level,
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
    t.dispatched_at,
    t.frs_at as first_reply_at,
    t.owner_dept,
    t.transfers as n_transfers,
    t.chasers as n_chasers,
    t.reopens as n_reopens,
    t.res_at as resolved_at,
    t.fbk_at as feedback_at,
    t.archived_at,
    coalesce(t.status, case when t.fbk_at is not null then 'closed' else 'open' end) as status,
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
    t.is_complaint and not t.is_duplicate as is_counted,
    t.is_duplicate,
    r.repeat_of_at,
    r.repeat_of_at is not null as is_repeat,
    coalesce(seconds_between(t.res_at, t.reopened_after_first_at) <= 604800, false) as is_reopened_7d,
    t.reopened_after_first_at as reopened_at,
    t.is_synthetic
from timed as t
left join repeats as r on r.ticket_id = t.ticket_id
left join escalations as e on e.ticket_id = t.ticket_id
left join seed_region as h on h.region_code = t.home_region
