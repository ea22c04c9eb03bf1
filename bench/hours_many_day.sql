-- The last day's hours again, a day later.
select
    h.* replace (
        h.row_no + 5000000 as row_no,
        h.period_start + interval 1 day as period_start,
        $part as part
    )
from hour as h
