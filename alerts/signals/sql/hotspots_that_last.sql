-- One row per instant and hotspot that is there at the end of the last complete week: its customers of 30 days.
-- Kind: level
-- One that grew worse within the week is as bad as one of $worse_as customers.
with instants as (
    select unnest($instants) as seen_at
)
select
    i.seen_at,
    h.hotspot_id as scope_id,
    case when h.state = 'worse' then greatest(h.n_customers, $worse_as) else h.n_customers end as value,
    h.n_customers as n, h.n_customers_week, h.expected, h.n_weeks, h.window_days, h.state,
    case h.state when 'new' then '新出现' when 'worse' then '恶化' when 'easing' then '缓解' else '持续' end as state_zh,
    case h.state when 'new' then 'new' when 'worse' then 'worse' when 'easing' then 'easing' else 'persisting' end as state_en,
    h.cause, h.region_code, h.place_id,
    case
        when h.place_id is not null then 'place:' || h.place_id
        when h.town is not null then 'town:' || h.town
        else 'district:' || h.region_code
    end as area_id,
    coalesce((
        select array_to_string(list(c.cell_id order by c.cell_rank), ',') from mart_hotspot_cell as c
        where c.hotspot_id = h.hotspot_id and c.week_start = h.week_start
    ), '') as cells
from instants as i
join mart_hotspot as h
    on h.week_start = cast(date_trunc('week', i.seen_at) as date) - 7
where h.state <> 'gone' and h.window_days >= 30
