-- One row per day and district: the day's share of the month's bills, so that any period has a base per 10,000 bills.
-- Class: L1
-- A month without bills takes the last one known: bills of a month come after it is over.
with months as (
    select period_month, region_code, cast(sum(n_bills) as double) as n_bills
    from fact_bill
    where n_bills is not null
    group by period_month, region_code
),
spans as (
    select
        region_code, n_bills, period_month,
        lead(period_month) over (partition by region_code order by period_month) as next_month
    from months
)
select d.date_on, s.region_code, s.n_bills / d.days_in_month as bills
from dim_date as d
join spans as s on d.month_start >= s.period_month and (s.next_month is null or d.month_start < s.next_month)
cross join run as r
where d.date_on <= cast(r.as_of as date)
