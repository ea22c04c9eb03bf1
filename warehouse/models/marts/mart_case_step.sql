-- One row per step of a case that somebody wrote up: what the customer saw, who had it, what happened around it.
-- Class: L1
-- A case is published by a person (cases.toml) and names nobody: no ticket id, number, note or staff is in here.
-- lane: customer (filings, chasers, what was told), handover (departments), network (changes, alarms, new sites around).
-- Changes count from two weeks before the first filing, alarms from two days before it; sites nearby stand within 800 m.
-- ticket_no counts the filings of the case by time. filing outside: code FILED_OUT. is_substantive false: words only.
with chosen as (
    select
        s.case_id, t.ticket_id, t.accepted_at, t.channel_code,
        coalesce(c.is_external, false) as is_external,
        row_number() over (partition by s.case_id order by t.accepted_at, t.ticket_id) as ticket_no
    from seed_case_ticket as s
    join fact_ticket as t on t.ticket_id = s.ticket_id
    left join dim_channel as c on c.channel_code = t.channel_code
),
spans as (
    select
        c.case_id,
        plus_minutes(min(c.accepted_at), -14 * 1440) as from_at,
        plus_minutes(min(c.accepted_at), -2 * 1440) as alarms_from_at,
        max(coalesce(e.event_at, c.accepted_at)) as to_at
    from chosen as c
    left join fact_ticket_event as e on e.ticket_id = c.ticket_id
    group by c.case_id
),
events as (
    select
        c.case_id, e.event_at as step_at,
        case when e.event in ('URGE', 'FRS', 'PROGRESS', 'COMPENSATE', 'FBK', 'SAT') then 'customer' else 'handover' end
            as lane,
        e.event as code, e.to_dept as dept, e.is_substantive, c.ticket_no
    from chosen as c
    join fact_ticket_event as e on e.ticket_id = c.ticket_id
    where e.event in (
        'URGE', 'FRS', 'PROGRESS', 'COMPENSATE', 'FBK', 'SAT',
        'DSP', 'ACC', 'TRANSFER', 'REJECT', 'ESCALATE', 'INV', 'PLN', 'RES', 'REOPEN'
    )
),
-- Two tickets of one case often carry the same step: it happened once.
once as (
    select
        case_id, step_at, lane, code,
        min(dept) as dept, max(case when is_substantive then 1 else 0 end) = 1 as is_substantive,
        min(ticket_no) as ticket_no
    from events
    group by case_id, step_at, lane, code
),
area as (
    select distinct s.case_id, c.cell_id, c.site_id, c.on_air_on
    from seed_case as s
    join dim_place as p on p.place_id = s.place_id
    join dim_cell as c
        on 111320 * sqrt(power(c.lat - p.lat, 2) + power((c.lon - p.lon) * cos(radians(p.lat)), 2)) <= 800
),
around as (
    select s.case_id, e.started_at as step_at, 'CHANGE' as code, e.kind as what
    from seed_case_change as s
    join spans as w on w.case_id = s.case_id
    join fact_change_event as e
        on (s.kind = 'system' and e.system = s.value or s.kind = 'scope' and e.scope_cells = s.value)
        and e.started_at between w.from_at and w.to_at
    union all
    select a.case_id, l.started_at as step_at, 'ALARM' as code, min(l.alarm_name) as what
    from (select distinct case_id, site_id from area) as a
    join spans as w on w.case_id = a.case_id
    join fact_alarm as l on l.site_id = a.site_id and l.started_at between w.alarms_from_at and w.to_at
    group by a.case_id, l.started_at
    union all
    select
        a.case_id, cast(a.on_air_on as timestamp) as step_at, 'ON_AIR' as code,
        cast(count(distinct a.site_id) as string) as what
    from area as a
    join spans as w on w.case_id = a.case_id and cast(a.on_air_on as timestamp) between w.from_at and w.to_at
    group by a.case_id, a.on_air_on
)
select
    case_id, accepted_at as step_at, 'customer' as lane,
    case when is_external then 'FILED_OUT' else 'FILED' end as code,
    cast(null as string) as dept, channel_code, cast(null as string) as what,
    true as is_substantive, ticket_no
from chosen
union all
select
    case_id, step_at, lane, code, dept, cast(null as string) as channel_code, cast(null as string) as what,
    is_substantive, ticket_no
from once
union all
select
    case_id, step_at, 'network' as lane, code, cast(null as string) as dept,
    cast(null as string) as channel_code, what, true as is_substantive, cast(null as bigint) as ticket_no
from around
