-- One row per day of acceptance, day on which something became known, level-1 type and district of counted complaints.
-- Class: L2
-- Sums: n_steps, n_tagged, n_tagged_out, n_plain, n_plain_out
-- Sums: who_0, who_1, who_2, who_3, who_4, who_5, who_6, who_7
-- For whether signs of going outside came true, at the hour of the release on any day, as mart_known_day (daily.py).
-- n_plain: our own without a sign. n_tagged_out, n_plain_out: those whose matter went outside later. known_on: the first
-- day at whose hour a step counts. n_steps: steps of complaints, not complaints.
-- who_*: complaints by the last character of the customer, in eighths: as many customers as there are eighths with
-- one, at least. accepted_at: midnight of the day.
with known as (
    select
        t.accepted_on, t.type_l1, t.region_code, t.outside_at,
        coalesce(t.is_tagged, false) as is_tagged,
        coalesce(not t.is_tagged and t.channel_group <> 'external', false) as is_plain,
        ascii(right(coalesce(t.cust_key, t.ticket_id), 1)) % 8 as who,
        hour_day(t.accepted_at, c.hour_s) as accepted_by,
        hour_day(t.outside_at, c.hour_s) as outside_by
    from mart_repeat as t
    cross join seed_hour as c
),
steps as (
    select
        accepted_on, type_l1, region_code, accepted_by as known_on,
        case when is_tagged then 1 else 0 end as n_tagged, 0 as n_tagged_out,
        case when is_plain then 1 else 0 end as n_plain, 0 as n_plain_out, who
    from known
    union all
    select
        accepted_on, type_l1, region_code, greatest(accepted_by, outside_by),
        0, case when is_tagged then 1 else 0 end, 0, case when is_plain then 1 else 0 end, 8
    from known
    where outside_at is not null and (is_tagged or is_plain)
)
select
    cast(accepted_on as timestamp) as accepted_at,
    accepted_on,
    known_on,
    type_l1,
    region_code,
    count(*) as n_steps,
    cast(sum(n_tagged) as bigint) as n_tagged,
    cast(sum(n_tagged_out) as bigint) as n_tagged_out,
    cast(sum(n_plain) as bigint) as n_plain,
    cast(sum(n_plain_out) as bigint) as n_plain_out,
    cast(count_if(who = 0) as bigint) as who_0,
    cast(count_if(who = 1) as bigint) as who_1,
    cast(count_if(who = 2) as bigint) as who_2,
    cast(count_if(who = 3) as bigint) as who_3,
    cast(count_if(who = 4) as bigint) as who_4,
    cast(count_if(who = 5) as bigint) as who_5,
    cast(count_if(who = 6) as bigint) as who_6,
    cast(count_if(who = 7) as bigint) as who_7
from steps
group by accepted_on, known_on, type_l1, region_code
