-- One row per day of the calendar: what, besides files and loads, decides what is usual.
select cast(date_on as varchar) as date_on, is_workday, is_holiday
from dim_date
where date_on >= $since and date_on <= $until
order by date_on
