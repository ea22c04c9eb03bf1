-- One row per cause that the workspace names or that a ticket, a demarcation or an incident gives.
-- Class: L1
-- cause_code: the code of demarcations and incidents; of tickets the words of their levels, between slashes. A level in
-- zh is as the source writes it. side: whose it is (network, billing, process, people, device, partner, customer), null
-- where nobody said; is_fixable: whether we can do something about it. Levels 4 and 5 no source gives.
with seeded as (
    select
        coalesce(
            cause_code,
            l1_zh || coalesce('/' || l2_zh, '') || coalesce('/' || l3_zh, '')
        ) as cause_code,
        l1_zh, l1_en, l2_zh, l2_en, l3_zh, l3_en, side,
        coalesce(fixable = '1', false) as is_fixable
    from seed_cause
),
told as (
    select
        cause_l1 || coalesce('/' || cause_l2, '') || coalesce('/' || cause_l3, '') as cause_code,
        cause_l1 as l1_zh, cause_l2 as l2_zh, cause_l3 as l3_zh
    from fact_ticket_cause
    union
    select cause_code, cause_code as l1_zh, cast(null as string) as l2_zh, cast(null as string) as l3_zh
    from fact_demarcation
    where cause_code is not null
    union
    select cause_code, cause_code as l1_zh, cast(null as string) as l2_zh, cast(null as string) as l3_zh
    from fact_incident
    where cause_code is not null
),
unknown as (
    select t.*
    from told as t
    left join seeded as s on s.cause_code = t.cause_code
    where s.cause_code is null
    qualify row_number() over (partition by t.cause_code order by t.l1_zh, t.l2_zh, t.l3_zh) = 1
)
select cause_code, l1_zh, l1_en, l2_zh, l2_en, l3_zh, l3_en, side, is_fixable, true as is_seeded from seeded
union all
select
    cause_code, l1_zh, l1_zh as l1_en, l2_zh, l2_zh as l2_en, l3_zh, l3_zh as l3_en,
    cast(null as string) as side, false as is_fixable, false as is_seeded
from unknown
