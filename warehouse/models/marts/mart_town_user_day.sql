-- One row per day and town: the town's part of its district's user-months, so that towns too have a base per 10,000.
-- Class: L1
-- Operators count users by district. A town gets the share of its district's active users that the weekly report of
-- experience gives it; before the first report (is_carried_back) the shares of that one stand, after the last one its own.
with shares as (
    select
        week_start, region_code, town,
        cast(n_active as double) / sum(n_active) over (partition by region_code, week_start) as share_of_district
    from fact_experience_week
    where n_active > 0
),
reports as (
    select distinct region_code, week_start from shares
),
spans as (
    select
        region_code, week_start,
        lead(week_start) over (partition by region_code order by week_start) as next_week,
        min(week_start) over (partition by region_code) as first_week
    from reports
)
select
    u.date_on, u.region_code, s.town,
    u.user_months * s.share_of_district as user_months,
    u.date_on < p.first_week as is_carried_back
from mart_user_day as u
join spans as p
    on u.region_code = p.region_code
    and (u.date_on >= p.week_start or p.week_start = p.first_week)
    and (p.next_week is null or u.date_on < p.next_week)
join shares as s on s.region_code = p.region_code and s.week_start = p.week_start
