-- One row per hotspot: the handset most of its customers have, against its share among all located complaints of the year
-- up to the end of the hotspot's week.
with of_spot as (
    select spot_no, model_no, count(distinct customer) as n
    from hot_ticket
    where model_no >= 0
    group by spot_no, model_no
),
of_week as (
    select week_no, model_no, count(*) as n from hot_all where model_no >= 0 group by week_no, model_no
),
of_all as (
    select s.week_no, w.model_no, sum(w.n) as n, sum(sum(w.n)) over (partition by s.week_no) as n_all
    from (select distinct week_no from hot_spot) as s
    join of_week as w on w.week_no <= s.week_no and w.week_no > s.week_no - $weeks
    group by s.week_no, w.model_no
),
most as (
    select spot_no, model_no, n, sum(n) over (partition by spot_no) as n_known
    from of_spot
    qualify row_number() over (partition by spot_no order by n desc, model_no) = 1
)
select m.spot_no, h.terminal_model, m.n, cast(m.n_known as bigint) as n_known, a.n / a.n_all as share_of_all
from most as m
join hot_spot as s on s.spot_no = m.spot_no
join of_all as a on a.model_no = m.model_no and a.week_no = s.week_no
join hot_model as h on h.model_no = m.model_no
