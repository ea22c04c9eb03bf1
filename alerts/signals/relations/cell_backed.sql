-- One row per instant and cell that customers complained about in the two weeks before it.
-- Backed by complaints: three customers or more in the last seven days named its coverage. Such a cell is told by itself.
with instants as (
    select unnest($instants) as seen_at
),
told as (
    select distinct serving_cell_id as cell_id, cust_key, accepted_at
    from fact_ticket
    where type_l1 = 'NET' and serving_cell_id is not null and is_counted
)
select
    i.seen_at,
    t.cell_id,
    count(distinct t.cust_key) filter (where t.accepted_at >= i.seen_at - interval 7 day) as n_customers,
    count(distinct t.cust_key) filter (where t.accepted_at >= i.seen_at - interval 7 day) >= 3 as is_backed
from instants as i
join told as t on t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 14 day
group by i.seen_at, t.cell_id
having count(distinct t.cust_key) >= 3
