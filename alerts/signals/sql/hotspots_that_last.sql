-- One row per instant and hotspot that is there at the end of the last complete week: its customers of 30 days.
-- Kind: level
-- One that grew worse within the week is as bad as one of $worse_as customers, whatever is done about it. Of any other,
-- 0 while a measure is under way for it, its place or one of its cells: $acted has those as JSON (acted.py).
with instants as (
    select unnest($instants) as seen_at
),
there as (
    select distinct hotspot_id from mart_hotspot
    where week_start in (select cast(date_trunc('week', seen_at) as date) - 7 from instants)
),
acted as (
    select unnest(
        from_json($acted, '[{"kind":"VARCHAR","id":"VARCHAR","since":"TIMESTAMP","until":"TIMESTAMP"}]'),
        recursive := true
    )
),
mended as (
    select distinct i.seen_at, h.hotspot_id
    from instants as i
    join acted as a on a.since <= i.seen_at and (a.until is null or a.until > i.seen_at)
    join (
        select 'hotspot' as kind, hotspot_id as id, hotspot_id from there
        union
        select 'place', place_id, hotspot_id from mart_hotspot
        where place_id is not null and hotspot_id in (select hotspot_id from there)
        union
        select 'cell', cell_id, hotspot_id from mart_hotspot_cell
        where hotspot_id in (select hotspot_id from there)
    ) as h on h.kind = a.kind and h.id = a.id
)
select
    i.seen_at,
    h.hotspot_id as scope_id,
    case
        when h.state = 'worse' then greatest(h.n_customers, $worse_as)
        when m.hotspot_id is not null then 0
        else h.n_customers
    end as value,
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
            and c.week_start >= (select cast(date_trunc('week', min(seen_at)) as date) - 7 from instants)
    ), '') as cells
from instants as i
join mart_hotspot as h
    on h.week_start = cast(date_trunc('week', i.seen_at) as date) - 7
left join mended as m on m.seen_at = i.seen_at and m.hotspot_id = h.hotspot_id
where h.state <> 'gone' and h.window_days >= 30
