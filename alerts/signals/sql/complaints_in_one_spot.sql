-- One row per instant, type and area where complaints lie close together: distinct customers within 500 m in 24 hours.
-- Kind: level
-- Three customers of one cell in six hours ($on_cell) are as bad as five within 500 m. Only points that were measured or
-- matched to a named place count (grades A and B). A spot belongs to the place, town or district of its middle ticket.
with instants as (
    select unnest($instants) as seen_at
),
ends as (
    select min(seen_at) as first_at, max(seen_at) as last_at from instants
),
tickets as (
    select
        t.ticket_id, t.cust_key, t.type_l1, t.accepted_at, t.serving_cell_id, t.region_code, t.place_id,
        case
            when t.place_id is not null then 'place:' || t.place_id
            when t.town is not null then 'town:' || t.town
            else 'district:' || t.region_code
        end as area_id,
        t.lon * 111320 * cos(radians(t.lat)) as x, t.lat * 110900 as y, t.geo_grade in ('A', 'B') as is_located
    from fact_ticket as t
    cross join ends as e
    where
        t.is_counted and t.cust_key is not null and t.accepted_at > e.first_at - interval 24 hour
        and t.accepted_at < e.last_at
),
points as (
    select *, cast(floor(x / 500) as bigint) as gx, cast(floor(y / 500) as bigint) as gy
    from tickets
    where is_located and x is not null
),
around as (
    select p.*, p.gx + dx as nx, p.gy + dy as ny
    from points as p
    cross join (select unnest([-1, 0, 1]) as dx) as sx
    cross join (select unnest([-1, 0, 1]) as dy) as sy
),
pairs as (
    select
        a.ticket_id as middle_id, b.cust_key, b.ticket_id, b.serving_cell_id,
        greatest(a.accepted_at, b.accepted_at) as from_at,
        least(a.accepted_at, b.accepted_at) + interval 24 hour as until_at
    from around as a
    join points as b on b.gx = a.nx and b.gy = a.ny and b.type_l1 = a.type_l1
    where
        b.accepted_at > a.accepted_at - interval 24 hour and b.accepted_at < a.accepted_at + interval 24 hour
        and power(a.x - b.x, 2) + power(a.y - b.y, 2) <= 250000
),
crowded as (
    select middle_id from pairs group by middle_id having count(distinct cust_key) >= 3
),
in_spot as (
    select
        i.seen_at, p.middle_id, count(distinct p.cust_key) as n_customers,
        array_to_string(list_slice(list_sort(list_distinct(list(p.ticket_id))), 1, 5), ',') as tickets,
        list_distinct(list(p.serving_cell_id) filter (where p.serving_cell_id is not null)) as serving
    from instants as i
    join pairs as p on p.from_at < i.seen_at and p.until_at >= i.seen_at
    semi join crowded as c on c.middle_id = p.middle_id
    group by i.seen_at, p.middle_id
    having count(distinct p.cust_key) >= 3
),
on_cell as (
    select
        i.seen_at, t.type_l1, t.serving_cell_id, count(distinct t.cust_key) as n_customers, max(t.ticket_id) as middle_id,
        array_to_string(list_slice(list_sort(list(t.ticket_id)), 1, 5), ',') as tickets
    from instants as i
    join tickets as t on t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 6 hour
    where t.serving_cell_id is not null
    group by i.seen_at, t.type_l1, t.serving_cell_id
    having count(distinct t.cust_key) >= $on_cell
),
spots as (
    select seen_at, middle_id, n_customers, cast(n_customers as double) as value, tickets, serving from in_spot
    union all
    select seen_at, middle_id, n_customers, greatest(n_customers, 5.0) as value, tickets, [serving_cell_id] as serving
    from on_cell
),
told as (
    select s.*, t.type_l1, t.area_id, t.region_code, t.place_id
    from spots as s
    join tickets as t on t.ticket_id = s.middle_id
    qualify row_number() over (
        partition by s.seen_at, t.type_l1, t.area_id order by s.value desc, s.n_customers desc, s.middle_id
    ) = 1
)
select
    t.seen_at, t.type_l1 || '/' || t.area_id as scope_id, t.value, cast(t.n_customers as bigint) as n, t.tickets,
    array_to_string(list_slice(list_sort(t.serving), 1, 5), ',') as cells,
    coalesce((
        select array_to_string(list_sort(list_distinct(list(c.site_id))), ',') from cell_area as c
        where list_contains(t.serving, c.cell_id)
    ), '') as sites,
    t.area_id, t.region_code, t.place_id, t.type_l1
from told as t
