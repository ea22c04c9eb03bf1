-- One row per instant, a day, and area: complaints about it, the counters of its cells, what its customers answered.
-- Kind: joined
-- An area is a named place, or a town without its places. A day counts at the instants up to a day after its end; earlier
-- days are what the newest ones are compared with, so many that a score is the same from wherever history begins.
with instants as (
    select unnest($instants) as seen_at
),
days as (
    select
        cast(d as date) as day_on,
        (
            select list_sort(list(i.seen_at)) from instants as i
            where i.seen_at >= cast(d as date) + 1 and i.seen_at < cast(d as date) + 2
        ) as seen_ats
    from (
        select unnest(range(
            date_trunc('day', (select min(seen_at) from instants)) - interval 280 day,
            date_trunc('day', (select max(seen_at) from instants)),
            interval 1 day
        )) as d
    ) as every_day
),
cells as (
    select
        a.cell_id, a.region_code, a.place_id, c.lon, c.lat,
        case when a.place_id is null then 'town:' || c.town else 'place:' || a.place_id end as scope_id
    from cell_area as a
    join dim_cell as c on c.cell_id = a.cell_id
    qualify row_number() over (partition by a.cell_id order by c.valid_from desc) = 1
),
areas as (
    select
        scope_id, min(region_code) as region_code, min(place_id) as place_id, avg(lon) as lon, avg(lat) as lat,
        count(*) as n_cells
    from cells
    where scope_id is not null
    group by scope_id
),
counters as (
    select
        c.scope_id, k.period_on as day_on, sum(k.erab_abn_rel) as n_dropped,
        sum(k.erab_abn_rel + k.erab_norm_rel) as n_releases, sum(k.thp_num_mbit) as mbit, sum(k.thp_den_s) as active_s,
        sum(k.mr_weak) as n_weak, sum(k.mr_samples) as n_samples
    from fact_cell_kpi_1d as k
    join cells as c on c.cell_id = k.cell_id
    where k.period_on >= (select min(day_on) from days) and k.period_on <= (select max(day_on) from days)
    group by c.scope_id, k.period_on
),
told as (
    select
        case when place_id is null then 'town:' || town else 'place:' || place_id end as scope_id,
        cast(accepted_at as date) as day_on, count(*) as n_complaints
    from fact_ticket
    where type_l1 = $type and is_counted
        and accepted_at >= (select min(day_on) from days)
        and accepted_at < (select max(day_on) from days) + interval 1 day
    group by all
),
surveyed as (
    select ticket_id, cast(surveyed_at as date) as day_on, answer_code
    from mart_ticket
    where type_l1 = $type and answer_code in (2, 3)
        and surveyed_at >= (select min(day_on) from days)
        and surveyed_at < (select max(day_on) from days) + interval 1 day
),
answered as (
    select
        case when t.place_id is null then 'town:' || t.town else 'place:' || t.place_id end as scope_id,
        s.day_on, count_if(coalesce(s.answer_code = 2, false)) as n_good, count(*) as n_answers
    from surveyed as s
    join fact_ticket as t on t.ticket_id = s.ticket_id
    group by all
)
select
    a.scope_id, d.day_on, d.seen_ats, a.region_code, a.place_id, a.lon, a.lat, a.n_cells,
    case when d.day_on >= (select cast(min(accepted_at) as date) from fact_ticket)
        then coalesce(t.n_complaints, 0) end as n_complaints,
    c.n_dropped, c.n_releases, c.mbit, c.active_s, c.n_weak, c.n_samples,
    coalesce(s.n_good, 0) as n_good, coalesce(s.n_answers, 0) as n_answers
from areas as a
cross join days as d
left join counters as c on c.scope_id = a.scope_id and c.day_on = d.day_on
left join told as t on t.scope_id = a.scope_id and t.day_on = d.day_on
left join answered as s on s.scope_id = a.scope_id and s.day_on = d.day_on
