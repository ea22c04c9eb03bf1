-- One row per kind of ticket, policy and stage that the policy limits for it.
-- Class: L1
-- kind_key: what decides which limits hold, as fact_ticket_clock writes it; every kind there can be, so that no row
-- hangs on tickets. The most specific row of a policy stands; exempt and unmeasurable ones are left out.
-- reading: the clock it is held against (mart_sla). limit_s: 0 where the ticket's own promise is the limit.
-- is_recorded: the source writes down what ends the stage; nobody waits for what is never written down.
-- era: which versions of rows hold, by day of acceptance.
with turns as (
    select valid_from as turn_on from dim_policy where valid_from is not null
    union
    select valid_to as turn_on from dim_policy where valid_to is not null
),
numbered_turns as (
    select turn_on, row_number() over (order by turn_on) as era from turns
),
eras as (
    select cast(0 as bigint) as era
    union all
    select era from numbered_turns
),
named_types as (
    select distinct type_code from dim_policy where type_code is not null
),
matters as (
    select distinct coalesce(n.type_code, y.type_l1) as matter, y.type_l1, n.type_code
    from dim_type as y
    left join named_types as n on n.type_code = y.type_code
),
priorities as (
    select 'P1' as priority union all select 'P2' union all select 'P3' union all select 'P4'
),
filings as (
    select 'L0' as filing union all select 'L1' union all select 'L2' union all select 'L3' union all select 'L4'
),
complexities as (
    select 'ordinary' as complexity union all select 'complex'
),
request_kinds as (
    select 'complaint' as request_kind union all select 'fault'
),
areas as (
    select 'urban' as area union all select 'rural' union all select 'unknown'
),
sources as (
    select 'log' as source union all select 'summary'
),
kinds as (
    select
        concat_ws(
            '|', cast(e.era as string), m.matter, p.priority, f.filing, c.complexity, r.request_kind, a.area, s.source
        ) as kind_key,
        e.era, m.type_l1, m.type_code, p.priority, f.filing, c.complexity, r.request_kind, a.area, s.source
    from eras as e
    cross join matters as m
    cross join priorities as p
    cross join filings as f
    cross join complexities as c
    cross join request_kinds as r
    cross join areas as a
    cross join sources as s
),
policies as (
    select p.*, coalesce(f.era, 0) as first_era, u.era as end_era
    from dim_policy as p
    left join numbered_turns as f on f.turn_on = p.valid_from
    left join numbered_turns as u on u.turn_on = p.valid_to
),
matched as (
    select
        k.kind_key, k.source as recorded_by, p.*,
        row_number() over (partition by k.kind_key, p.policy_id, p.stage order by p.specificity desc) as preference
    from kinds as k
    join policies as p
        on (p.type_code is null or p.type_code = k.type_code)
        and (p.type_l1 is null or p.type_l1 = k.type_l1)
        and (p.priority is null or p.priority = k.priority)
        and (p.filing is null or p.filing = k.filing or (p.filing = 'outside' and k.filing <> 'L0'))
        and (p.complexity is null or p.complexity = k.complexity)
        and (p.request_kind is null or p.request_kind = k.request_kind)
        and (p.area is null or p.area = k.area)
        and p.first_era <= k.era
        and (p.end_era is null or k.era < p.end_era)
),
recorded as (
    select distinct source, stage from dim_recorded
)
select
    m.kind_key,
    m.policy_id,
    m.stage,
    m.kind,
    m.reading,
    case when m.is_promised then 0 else m.limit_s end as limit_s,
    m.is_pausable,
    m.is_promised,
    r.stage is not null or m.ends_with in ('FBK', 'PRG') as is_recorded
from matched as m
left join recorded as r
    on r.source = m.recorded_by and r.stage = case m.ends_with when 'INT' then 'RES' else m.ends_with end
where m.preference = 1 and m.is_measured and (m.limit_s is not null or m.is_promised)
