-- Tickets as fact_ticket holds them, $n of them over 24 months; `hash` stands for chance. One in 500 is open.
with drawn as (
    select
        n,
        cast(hash(n) >> 1 as bigint) as a,
        cast(hash(n, 1) >> 1 as bigint) as b,
        cast(hash(n, 2) >> 1 as bigint) as c,
        timestamp '2023-04-01' + to_seconds(cast(n * 63072000.0 / $n as bigint)) as accepted_at
    from range($n) as r (n)
)
select
    'T' || lpad(cast(n as varchar), 9, '0') as ticket_id,
    'C' || lpad(cast(n as varchar), 9, '0') as case_id,
    true as is_counted,
    accepted_at,
    cast(accepted_at as date) as accepted_on,
    list_extract(['NET', 'SVC', 'TAR', 'BIZ', 'TRM'], 1 + a % 5) as type_l1,
    list_extract(['NET01', 'SVC01', 'TAR01', 'BIZ01', 'TRM01'], 1 + a % 5) as type_code,
    list_extract(['HOTLINE', 'WEB', 'APP', 'HALL'], 1 + b % 4) as channel_code,
    'main' as channel_group,
    '32100' || cast(c % 7 as varchar) as region_code,
    null as town,
    list_extract(['CARE', 'NET', 'NETMAINT', 'BIL', 'MKT', 'HALLMGT'], 1 + (a >> 8) % 6) as owner_dept,
    'PERSON' as cust_type,
    'YOUNG' as age_band,
    list_extract(['P3', 'P3', 'P2', 'P1'], 1 + (b >> 8) % 4) as priority,
    case when (c >> 8) % 6 = 0 then 'fault' else 'complaint' end as request_kind,
    list_extract(['城镇', '农村'], 1 + (c >> 16) % 2) as urban_rural,
    (a >> 16) % 5 as n_transfers,
    0 as n_reopens,
    case when (b >> 16) % 200 = 0 then 'L3' else 'L0' end as escalation_level,
    'log' as source,
    case when (c >> 24) % 500 = 0 then 'open' else 'closed' end as status,
    accepted_at + to_seconds((a >> 4) % 1800) as dispatched_at,
    accepted_at + to_seconds((b >> 4) % 90000) as first_reply_at,
    case when (c >> 24) % 500 > 0 then accepted_at + to_seconds(3600 + (c >> 4) % 250000) end as resolved_at,
    case when (c >> 24) % 500 > 0 then accepted_at + to_seconds(7200 + (c >> 4) % 250000) end as feedback_at,
    case when (b >> 20) % 45 = 0 then accepted_at + to_days(3) end as promise_due_at
from drawn
