-- One row per hotspot and cell: its counters at the hours of the complaints, or of their days where no hours were sent.
-- Fractions are added as decimals: sums of doubles hang on the order of rows.
-- load: of each day the busiest of the hours looked at, added up over the days; of a day alone, the whole day.
-- Stretches that tickets of one hotspot speak of overlap a lot: they are put together before they are cut into hours.
with spans as (
    select spot_no, date_trunc('hour', from_at) as first_at, max(date_trunc('hour', until_at)) as last_at
    from hot_ticket
    where until_at >= date_trunc('hour', from_at)
    group by all
),
begun as (
    select
        *,
        coalesce(first_at > max(last_at) over (
            partition by spot_no order by first_at rows between unbounded preceding and 1 preceding
        ), true) as is_new
    from spans
),
numbered as (
    select
        *, sum(cast(is_new as integer)) over (partition by spot_no order by first_at rows unbounded preceding) as stretch_no
    from begun
),
stretches as (
    select spot_no, min(first_at) as first_at, max(last_at) as last_at from numbered group by spot_no, stretch_no
),
known as (
    select min(period_start) as first_at, max(period_start) as last_at from hot_hour
),
hours as (
    select
        s.spot_no,
        unnest(generate_series(
            greatest(s.first_at, date_trunc('hour', k.first_at)), least(s.last_at, k.last_at), interval 1 hour
        )) as hour_start
    from stretches as s
    join known as k on k.first_at <= s.last_at + interval 1 hour and k.last_at >= s.first_at
),
by_hour as (
    select c.spot_no, k.*, cast(k.period_start as date) as day_on, 3600.0 as length_s
    from hours as h
    join hot_cell as c on c.spot_no = h.spot_no
    join hot_hour as k on k.cell_id = c.cell_id and k.period_start = h.hour_start
),
days as (
    select distinct
        spot_no,
        cast(unnest(generate_series(date_trunc('day', first_at), last_at, interval 1 day)) as date) as day_on
    from stretches
),
by_day as (
    select c.spot_no, k.*, k.period_on as day_on, 86400.0 as length_s
    from days as d
    join hot_cell as c on c.spot_no = d.spot_no
    join fact_cell_kpi_1d as k on k.cell_id = c.cell_id and k.period_on = d.day_on
    where not exists (select 1 from by_hour as h where h.spot_no = c.spot_no and h.cell_id = c.cell_id)
),
looked_at as (
    select
        spot_no, cell_id, day_on, length_s, 'hour' as basis, rrc_att, rrc_succ, erab_att, erab_succ, erab_abn_rel, ho_in,
        ho_att, ho_succ, prb_used_dl, prb_avail_dl, prb_used_ul, prb_avail_ul, ul_intf_dbm, unavail_s, mr_samples, mr_weak
    from by_hour
    union all
    select
        spot_no, cell_id, day_on, length_s, 'day' as basis, rrc_att, rrc_succ, erab_att, erab_succ, erab_abn_rel, ho_in,
        ho_att, ho_succ, prb_used_dl, prb_avail_dl, prb_used_ul, prb_avail_ul, ul_intf_dbm, unavail_s, mr_samples, mr_weak
    from by_day
),
busiest as (
    select
        spot_no, cell_id, cast(sum(cast(used as decimal(28, 6))) as double) as used,
        cast(sum(cast(available as decimal(28, 6))) as double) as available
    from (
        select
            spot_no, cell_id,
            case when coalesce(prb_used_ul / nullif(prb_avail_ul, 0), 0) > coalesce(prb_used_dl / nullif(prb_avail_dl, 0), 0)
                then prb_used_ul else prb_used_dl end as used,
            case when coalesce(prb_used_ul / nullif(prb_avail_ul, 0), 0) > coalesce(prb_used_dl / nullif(prb_avail_dl, 0), 0)
                then prb_avail_ul else prb_avail_dl end as available
        from looked_at
        qualify row_number() over (
            partition by spot_no, cell_id, day_on
            order by greatest(
                coalesce(prb_used_dl / nullif(prb_avail_dl, 0), 0), coalesce(prb_used_ul / nullif(prb_avail_ul, 0), 0)
            ) desc, coalesce(prb_avail_dl, 0) desc, coalesce(prb_used_dl, 0) desc, coalesce(prb_used_ul, 0) desc,
                coalesce(prb_avail_ul, 0) desc
        ) = 1
    )
    group by spot_no, cell_id
)
select
    l.spot_no, l.cell_id, min(l.basis) as basis, count(*) as n_periods,
    cast(sum(l.mr_samples) as bigint) as n_samples,
    sum(l.mr_weak) / nullif(sum(l.mr_samples), 0) as weak,
    any_value(b.used / nullif(b.available, 0)) as load,
    cast(sum(cast(l.ul_intf_dbm as decimal(28, 8))) as double) / nullif(count(l.ul_intf_dbm), 0) as interference,
    cast(sum(l.erab_att) as bigint) as n_attempts,
    sum(l.erab_abn_rel) / nullif(sum(l.erab_succ) + coalesce(sum(l.ho_in), 0), 0) as drop,
    (sum(l.rrc_succ) / nullif(sum(l.rrc_att), 0)) * (sum(l.erab_succ) / nullif(sum(l.erab_att), 0)) as access,
    cast(sum(l.ho_att) as bigint) as n_handovers,
    sum(l.ho_succ) / nullif(sum(l.ho_att), 0) as handover,
    cast(sum(cast(l.unavail_s as decimal(28, 6))) as double)
        / nullif(sum(case when l.unavail_s is not null then cast(l.length_s as bigint) end), 0) as outage
from looked_at as l
left join busiest as b on b.spot_no = l.spot_no and b.cell_id = l.cell_id
group by l.spot_no, l.cell_id
