-- One row per case that somebody wrote up and whose tickets are there: its course in figures.
-- Class: L1
-- first_at: the first filing; outside_at: the first one with an outside body. interim_at: the first progress or refund of
-- substance told to the customer; permanent_at: the last solution of substance; told_at: the last result told.
-- days_*: calendar days from the first contact (to_outside, to_interim, to_permanent) and from the outside filing
-- (outside_to_interim, outside_to_permanent): both clocks, so that neither hides the other (requirements CF17).
-- n_inside: filings with us; n_chasers; n_empty: answers without substance.
with steps as (
    select
        case_id,
        min(case when code in ('FILED', 'FILED_OUT') then step_at end) as first_at,
        min(case when code = 'FILED_OUT' then step_at end) as outside_at,
        min(case when code in ('PROGRESS', 'COMPENSATE') and is_substantive then step_at end) as interim_at,
        max(case when code = 'RES' and is_substantive then step_at end) as permanent_at,
        max(case when code = 'FBK' then step_at end) as told_at,
        count(case when code = 'FILED' then 1 end) as n_inside,
        count(case when code = 'URGE' then 1 end) as n_chasers,
        count(case when code in ('FRS', 'PROGRESS', 'FBK') and not is_substantive then 1 end) as n_empty
    from mart_case_step
    group by case_id
),
days as (
    select
        s.*,
        cast(cast(first_at as date) as timestamp) as first_day,
        cast(cast(outside_at as date) as timestamp) as outside_day,
        cast(cast(interim_at as date) as timestamp) as interim_day,
        cast(cast(permanent_at as date) as timestamp) as permanent_day
    from steps as s
)
select
    d.case_id, c.type_code, t.type_l1,
    d.first_at, d.outside_at, d.interim_at, d.permanent_at, d.told_at, d.n_inside, d.n_chasers, d.n_empty,
    cast(seconds_between(d.first_day, d.outside_day) / 86400 as bigint) as days_to_outside,
    cast(seconds_between(d.first_day, d.interim_day) / 86400 as bigint) as days_to_interim,
    cast(seconds_between(d.first_day, d.permanent_day) / 86400 as bigint) as days_to_permanent,
    cast(seconds_between(d.outside_day, d.interim_day) / 86400 as bigint) as days_outside_to_interim,
    cast(seconds_between(d.outside_day, d.permanent_day) / 86400 as bigint) as days_outside_to_permanent
from days as d
join seed_case as c on c.case_id = d.case_id
left join dim_type as t on t.type_code = c.type_code
