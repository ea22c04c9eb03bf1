-- One row per calendar day.
-- Class: L1
select
    s.date_on,
    s.iso_year,
    s.iso_week,
    s.week_start,
    s.month_start,
    s.weekday,
    s.day_of_month,
    s.days_in_month,
    s.day_of_month <= 3 as is_month_start,
    s.day_of_month > s.days_in_month - 3 as is_month_end,
    coalesce(c.day_kind = 'holiday', false) as is_holiday,
    coalesce(c.day_kind = 'makeup', false) as is_makeup_workday,
    coalesce(c.day_kind = 'makeup', s.weekday <= 5 and coalesce(c.day_kind <> 'holiday', true)) as is_workday,
    c.zh as holiday_zh,
    c.en as holiday_en
from seed_date as s
left join seed_calendar as c on c.holiday_on = s.date_on
