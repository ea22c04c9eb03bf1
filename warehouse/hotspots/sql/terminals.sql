-- One row per hotspot: the handset most of its customers have, against its share among all located complaints of the time.
with of_spot as (
    select spot_no, terminal_model, count(distinct customer) as n
    from hot_ticket
    where terminal_model is not null
    group by spot_no, terminal_model
),
of_all as (
    select terminal_model, count(*) as n, sum(count(*)) over () as n_all
    from hot_all
    where terminal_model is not null
    group by terminal_model
),
most as (
    select spot_no, terminal_model, n, sum(n) over (partition by spot_no) as n_known
    from of_spot
    qualify row_number() over (partition by spot_no order by n desc, terminal_model) = 1
)
select m.spot_no, m.terminal_model, m.n, cast(m.n_known as bigint) as n_known, a.n / a.n_all as share_of_all
from most as m
join of_all as a on a.terminal_model = m.terminal_model
