-- One row per day and region: the day's share of a user-month, so that any period has a base for rates per 10,000.
-- Class: L1
-- A month without a figure takes the last one known.
with spans as (
    select
        region_code, users_mean, period_month,
        lead(period_month) over (partition by region_code order by period_month) as next_month
    from fact_users
)
select
    d.date_on, s.region_code, s.users_mean,
    s.users_mean / d.days_in_month as user_months
from dim_date as d
join spans as s on d.month_start >= s.period_month and (s.next_month is null or d.month_start < s.next_month)
cross join run as r
where d.date_on <= cast(r.as_of as date)
