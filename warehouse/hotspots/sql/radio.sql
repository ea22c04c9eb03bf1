-- One row per hotspot and cell: its counters at the hours of the complaints, or of their days where no hours were sent.
-- Fractions are added as decimals: sums of doubles hang on the order of rows.
-- load: of each day the busiest of the hours looked at, added up over the days; of a day alone, the whole day.
-- A day's counters are made ready once, not once for every hotspot that looks at them.
with known as (
    select min(period_start) as first_at, max(period_start) as last_at from hot_hour
),
hours as (
    select
        s.spot_no,
        unnest(generate_series(
            greatest(s.first_at, date_trunc('hour', k.first_at)), least(s.last_at, k.last_at), interval 1 hour
        )) as hour_start
    from hot_stretch as s
    join known as k on k.first_at <= s.last_at + interval 1 hour and k.last_at >= s.first_at
),
by_hour as (
    select
        c.spot_no, c.cell_id, k.rrc_att, k.rrc_succ, k.erab_att, k.erab_succ, k.erab_abn_rel, k.ho_in, k.ho_att, k.ho_succ,
        k.mr_samples, k.mr_weak, cast(k.ul_intf_dbm as decimal(28, 8)) as ul_intf_dbm,
        cast(k.unavail_s as decimal(28, 6)) as unavail_s, k.prb_used_dl, k.prb_avail_dl, k.prb_used_ul, k.prb_avail_ul,
        coalesce(k.prb_used_dl / nullif(k.prb_avail_dl, 0), 0) as share_dl,
        coalesce(k.prb_used_ul / nullif(k.prb_avail_ul, 0), 0) as share_ul, cast(k.period_start as date) as day_on
    from hours as h
    join hot_cell as c on c.spot_no = h.spot_no
    join hot_hour as k on k.cell_id = c.cell_id and k.period_start = h.hour_start
),
days as (
    select distinct
        spot_no,
        cast(unnest(generate_series(date_trunc('day', first_at), last_at, interval 1 day)) as date) as day_on
    from hot_stretch
),
counted_day as materialized (
    select
        cell_id, period_on, rrc_att, rrc_succ, erab_att, erab_succ, erab_abn_rel, ho_in, ho_att, ho_succ, mr_samples,
        mr_weak, cast(ul_intf_dbm as decimal(28, 8)) as ul_intf_dbm, cast(unavail_s as decimal(28, 6)) as unavail_s,
        cast(case when share_ul > share_dl then prb_used_ul else prb_used_dl end as decimal(28, 6)) as used,
        cast(case when share_ul > share_dl then prb_avail_ul else prb_avail_dl end as decimal(28, 6)) as available
    from (
        select
            *, coalesce(prb_used_dl / nullif(prb_avail_dl, 0), 0) as share_dl,
            coalesce(prb_used_ul / nullif(prb_avail_ul, 0), 0) as share_ul
        from fact_cell_kpi_1d
        where cell_id in (select cell_id from hot_cell) and period_on >= (select min(day_on) from days)
    )
),
looked_at as (
    select
        spot_no, cell_id, 'hour' as basis, 3600 as length_s, rrc_att, rrc_succ, erab_att, erab_succ, erab_abn_rel, ho_in,
        ho_att, ho_succ, mr_samples, mr_weak, ul_intf_dbm, unavail_s,
        cast(case when share_ul > share_dl then prb_used_ul else prb_used_dl end as decimal(28, 6)) as used,
        cast(case when share_ul > share_dl then prb_avail_ul else prb_avail_dl end as decimal(28, 6)) as available,
        row_number() over (
            partition by spot_no, cell_id, day_on
            order by greatest(share_dl, share_ul) desc, coalesce(prb_avail_dl, 0) desc, coalesce(prb_used_dl, 0) desc,
                coalesce(prb_used_ul, 0) desc, coalesce(prb_avail_ul, 0) desc
        ) = 1 as is_busiest
    from by_hour
    union all
    select
        c.spot_no, c.cell_id, 'day' as basis, 86400 as length_s, k.rrc_att, k.rrc_succ, k.erab_att, k.erab_succ,
        k.erab_abn_rel, k.ho_in, k.ho_att, k.ho_succ, k.mr_samples, k.mr_weak, k.ul_intf_dbm, k.unavail_s, k.used,
        k.available, true as is_busiest
    from days as d
    join hot_cell as c on c.spot_no = d.spot_no
    join counted_day as k on k.cell_id = c.cell_id and k.period_on = d.day_on
    where not exists (select 1 from by_hour as h where h.spot_no = c.spot_no and h.cell_id = c.cell_id)
)
select
    spot_no, cell_id, min(basis) as basis, count(*) as n_periods,
    cast(sum(mr_samples) as bigint) as n_samples,
    sum(mr_weak) / nullif(sum(mr_samples), 0) as weak,
    cast(sum(used) filter (where is_busiest) as double)
        / nullif(cast(sum(available) filter (where is_busiest) as double), 0) as load,
    cast(sum(ul_intf_dbm) as double) / nullif(count(ul_intf_dbm), 0) as interference,
    cast(sum(erab_att) as bigint) as n_attempts,
    sum(erab_abn_rel) / nullif(sum(erab_succ) + coalesce(sum(ho_in), 0), 0) as drop,
    (sum(rrc_succ) / nullif(sum(rrc_att), 0)) * (sum(erab_succ) / nullif(sum(erab_att), 0)) as access,
    cast(sum(ho_att) as bigint) as n_handovers,
    sum(ho_succ) / nullif(sum(ho_att), 0) as handover,
    cast(sum(unavail_s) as double)
        / nullif(sum(case when unavail_s is not null then cast(length_s as bigint) end), 0) as outage
from looked_at
group by spot_no, cell_id
