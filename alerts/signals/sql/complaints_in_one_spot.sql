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
        t.lon * 111320 * cos(radians(t.lat)) as x, t.lat * 110900 as y, t.geo_grade in ('A', 'B') as is_located,
        row_number() over (order by t.ticket_id) as ticket_no, dense_rank() over (order by t.cust_key) as cust_no
    from fact_ticket as t
    cross join ends as e
    where
        t.is_counted and t.cust_key is not null and t.accepted_at > e.first_at - interval 24 hour
        and t.accepted_at < e.last_at
),
points as (
    select
        ticket_no, cust_no, type_l1, accepted_at, x, y, cast(floor(x / 500) as bigint) as gx,
        cast(floor(y / 500) as bigint) as gy
    from tickets
    where is_located and x is not null
),
around as (
    select p.*, p.gx + dx as nx, p.gy + dy as ny
    from points as p
    cross join (select unnest([-1, 0, 1]) as dx) as sx
    cross join (select unnest([-1, 0, 1]) as dy) as sy
),
pairs as materialized (
    select a.ticket_no as middle_no, a.accepted_at as middle_at, b.ticket_no, b.cust_no, b.accepted_at
    from around as a
    join points as b on b.gx = a.nx and b.gy = a.ny and b.type_l1 = a.type_l1
    where
        b.accepted_at > a.accepted_at - interval 24 hour and b.accepted_at < a.accepted_at + interval 24 hour
        and power(a.x - b.x, 2) + power(a.y - b.y, 2) <= 250000
),
-- How many customers there are around a ticket changes only when one comes or goes: sums over those times take the place
-- of counting all pairs at every instant.
stays as (
    select
        middle_no, middle_at, max(accepted_at) filter (where accepted_at <= middle_at) + interval 24 hour as until_at,
        min(accepted_at) filter (where accepted_at > middle_at) as again_at
    from pairs
    group by middle_no, middle_at, cust_no
),
steps as (
    select middle_no, middle_at, middle_at as from_at, 1 as step from stays where until_at is not null
    union all
    select middle_no, middle_at, until_at, -1 from stays
    where until_at < middle_at + interval 24 hour and (again_at is null or again_at > until_at)
    union all
    select middle_no, middle_at, again_at, 1 from stays where until_at is null or again_at > until_at
),
courses as (
    select
        middle_no, from_at, sum(sum(step)) over (partition by middle_no order by from_at) as n_customers,
        coalesce(lead(from_at) over (partition by middle_no order by from_at), middle_at + interval 24 hour) as until_at
    from steps
    where from_at is not null
    group by middle_no, middle_at, from_at
),
on_cell as (
    select
        i.seen_at, t.type_l1, t.serving_cell_id, count(distinct t.cust_no) as n_customers, max(t.ticket_no) as middle_no
    from instants as i
    join tickets as t on t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 6 hour
    where t.serving_cell_id is not null
    group by i.seen_at, t.type_l1, t.serving_cell_id
    having count(distinct t.cust_no) >= $on_cell
),
spots as (
    select
        i.seen_at, c.middle_no, c.n_customers, cast(c.n_customers as double) as value,
        cast(null as varchar) as serving_cell_id
    from instants as i
    join courses as c on c.from_at < i.seen_at and c.until_at >= i.seen_at
    where c.n_customers >= 3
    union all
    select seen_at, middle_no, n_customers, greatest(n_customers, 5.0) as value, serving_cell_id from on_cell
),
-- Of all spots of a type and area the one that is told: the most customers.
chosen as (
    select
        s.seen_at, t.type_l1, t.area_id,
        arg_min(
            {'middle_no': s.middle_no, 'value': s.value, 'n': s.n_customers, 'cell_id': s.serving_cell_id},
            (-s.value, -s.n_customers, s.middle_no)
        ) as spot
    from spots as s
    join tickets as t on t.ticket_no = s.middle_no
    group by s.seen_at, t.type_l1, t.area_id
),
told as materialized (
    select
        c.seen_at, c.type_l1, c.area_id, c.spot.middle_no as middle_no, c.spot.value as value, c.spot.n as n,
        c.spot.cell_id as serving_cell_id, t.region_code, t.place_id
    from chosen as c
    join tickets as t on t.ticket_no = c.spot.middle_no
),
behind as (
    select c.seen_at, c.type_l1, c.area_id, p.ticket_no
    from told as c
    join pairs as p on p.middle_no = c.middle_no and p.middle_at < c.seen_at and p.accepted_at < c.seen_at
        and least(p.middle_at, p.accepted_at) + interval 24 hour >= c.seen_at
    where c.serving_cell_id is null
    union all
    select c.seen_at, c.type_l1, c.area_id, t.ticket_no
    from told as c
    join tickets as t on t.serving_cell_id = c.serving_cell_id and t.type_l1 = c.type_l1
        and t.accepted_at < c.seen_at and t.accepted_at >= c.seen_at - interval 6 hour
),
evidence as (
    select
        b.seen_at, b.type_l1, b.area_id, array_to_string(min(t.ticket_id, 5), ',') as tickets,
        list_sort(list(distinct t.serving_cell_id) filter (where t.serving_cell_id is not null)) as serving
    from behind as b
    join tickets as t on t.ticket_no = b.ticket_no
    group by b.seen_at, b.type_l1, b.area_id
)
select
    t.seen_at, t.type_l1 || '/' || t.area_id as scope_id, t.value, cast(t.n as bigint) as n, e.tickets,
    array_to_string(list_slice(e.serving, 1, 5), ',') as cells,
    coalesce((
        select array_to_string(list_sort(list_distinct(list(c.site_id))), ',') from cell_area as c
        where list_contains(e.serving, c.cell_id)
    ), '') as sites,
    t.area_id, t.region_code, t.place_id, t.type_l1
from told as t
join evidence as e on e.seen_at = t.seen_at and e.type_l1 = t.type_l1 and e.area_id = t.area_id
