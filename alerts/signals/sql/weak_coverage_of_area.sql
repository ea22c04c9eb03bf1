-- One row per instant and area: the coverage that its weakest cells stayed under on each of three days.
-- Kind: level
-- An area is as weak as its $cells-th weakest cell, or in large areas the one that ends the weakest $share of cells. Each
-- dB of mean RSRP under -105 dBm counts like a point of coverage under 90 %. With $customers complaining about weak
-- cells in 30 days it is orange at least.
with instants as (
    select unnest($instants) as seen_at
),
daily as (
    select
        cell_id, period_on, mr_samples as n, 1 - mr_weak / mr_samples as seen,
        least(1 - mr_weak / mr_samples, 0.90 + (rsrp_sum_dbm / mr_samples + 105) / 100) as coverage
    from fact_cell_kpi_1d
    where
        mr_samples >= $cell_n
        and period_on >= cast((select min(seen_at) from instants) as date) - 10
        and period_on < cast((select max(seen_at) from instants) as date)
),
lasting as (
    select
        cell_id, period_on, n,
        max(coverage) over three as coverage,
        count(*) over three as n_days,
        min(period_on) over three as first_on
    from daily
    window three as (partition by cell_id order by period_on rows between 2 preceding and current row)
),
known as (
    select i.seen_at, l.cell_id, l.coverage, l.n, a.area_id, a.region_code, a.place_id, a.site_id
    from instants as i
    join lasting as l on l.period_on < cast(i.seen_at as date) and l.period_on >= cast(i.seen_at as date) - 3
    join cell_area as a on a.cell_id = l.cell_id
    where l.n_days = 3 and l.first_on >= l.period_on - 6
    qualify row_number() over (partition by i.seen_at, l.cell_id order by l.period_on desc) = 1
),
complaining as (
    select k.seen_at, k.area_id, count(distinct t.cust_key) as n_customers
    from known as k
    join fact_ticket as t
        on t.serving_cell_id = k.cell_id and t.accepted_at < k.seen_at and t.accepted_at >= k.seen_at - interval 30 day
    where k.coverage < $weak and t.type_l1 = 'NET' and t.is_counted
    group by k.seen_at, k.area_id
),
areas as (
    select
        seen_at, area_id, min(region_code) as region_code, max(place_id) as place_id, count(*) as n_known,
        list_sort(list(coverage)) as coverages, cast(sum(n) as bigint) as n,
        count(*) filter (where coverage < $weak) as n_cells,
        array_to_string(list_slice(list(cell_id order by coverage, cell_id) filter (where coverage < $weak), 1, 5), ',')
            as cells,
        array_to_string(list_sort(list_distinct(list(site_id) filter (where coverage < $weak))), ',') as sites
    from known
    group by seen_at, area_id
)
select
    a.seen_at, a.area_id as scope_id,
    a.coverages[cast(least(greatest($cells, ceil($share * a.n_known)), a.n_known) as integer)] as value,
    a.n, a.n_cells, a.cells, coalesce(a.sites, '') as sites, a.region_code, a.place_id,
    coalesce(c.n_customers, 0) as n_customers,
    case when c.n_customers >= $customers then 'orange' end as at_least
from areas as a
left join complaining as c on c.seen_at = a.seen_at and c.area_id = a.area_id
