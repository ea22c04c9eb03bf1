-- One row per instant and area: the share of attempts to connect that failed, in the better of two hours.
-- Kind: level
-- Rolls up: cell_hour_value
-- A failed handover counts half: 10 % of them are as bad as 5 % of failed connections.
select
    cell_id, hour_end, n_attempts as n, greatest(1 - access, case when n_handovers >= $cell_n then 1 - handover end)
    as seen, null as baseline,
    round(
        cast(greatest(1 - access, case when n_handovers >= $cell_n then (1 - handover) / 2 end) as double), 6
    ) as value
from cell_hour
