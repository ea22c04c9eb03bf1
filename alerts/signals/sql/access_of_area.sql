-- One row per instant and area: the share of attempts to connect that failed, in the better of two hours.
-- Kind: level
-- Rolls up: cell_hour_value
-- A failed handover counts half: 10 % of them are as bad as 5 % of failed connections. The worse of both is told, or the
-- one that is known: comparing takes a tenth of what greatest() does.
with failing as (
    select
        cell_id, hour_end, n_attempts, 1 - access as lost,
        case when n_handovers >= $cell_n then 1 - handover end as lost_handovers
    from cell_hour
)
select
    cell_id, hour_end, n_attempts as n,
    case when lost_handovers > lost or lost is null then lost_handovers else lost end as seen, null as baseline,
    round(
        cast(case when lost_handovers / 2 > lost or lost is null then lost_handovers / 2 else lost end as double), 6
    ) as value
from failing
