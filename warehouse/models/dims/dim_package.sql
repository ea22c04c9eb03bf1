-- One row per package that the workspace names or that bills were sent for.
-- Class: L1
-- Names of the workspace win over those on bills. n_bills: bills of the newest month, which is about its subscribers;
-- null where none was sent.
with newest as (
    select max(period_month) as period_month from fact_bill
),
billed as (
    select b.package_code, max(b.package_name) as package_name, cast(sum(b.n_bills) as bigint) as n_bills
    from fact_bill as b
    join newest as n on n.period_month = b.period_month
    group by b.package_code
),
sold as (
    select package_code, max_by(package_name, period_month) as package_name from fact_bill
    where package_name is not null
    group by package_code
),
codes as (
    select package_code from seed_package
    union
    select package_code from fact_bill
)
select
    c.package_code,
    coalesce(s.zh, o.package_name, c.package_code) as zh,
    coalesce(s.en, s.zh, o.package_name, c.package_code) as en,
    cast(s.fee_yuan as double) as fee_yuan,
    cast(s.launched_on as date) as launched_on,
    b.n_bills,
    s.package_code is not null as is_seeded
from codes as c
left join seed_package as s on s.package_code = c.package_code
left join billed as b on b.package_code = c.package_code
left join sold as o on o.package_code = c.package_code
