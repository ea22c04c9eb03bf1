-- One row per cell and validity interval (valid_from included, valid_to not).
-- Class: L2
-- A version begins with the snapshot that shows something new about the cell and ends with the next one, or with the
-- first snapshot of its vendor that no longer lists the cell; a cell that comes back begins a new version. Before its
-- first snapshot a cell is taken as first seen, back to its first day on air.
with snapshots as (
    select *, coalesce(vendor, '') as series from stg_cell
),
days as (
    select series, snapshot_on, lead(snapshot_on) over (partition by series order by snapshot_on) as next_on
    from (select distinct series, snapshot_on from snapshots) as d
),
listed as (
    select
        s.*,
        d.next_on,
        concat_ws(
            '|', coalesce(s.cell_name, ''), coalesce(s.site_id, ''), coalesce(s.rat, ''), coalesce(s.region_code, ''),
            coalesce(s.town, ''), coalesce(s.scene, ''), coalesce(cast(s.lon as string), ''),
            coalesce(cast(s.lat as string), ''), coalesce(cast(s.azimuth_deg as string), ''),
            coalesce(cast(s.tilt_deg as string), ''), coalesce(cast(s.height_m as string), ''), coalesce(s.band, ''),
            coalesce(cast(s.bandwidth_mhz as string), ''), coalesce(cast(s.is_indoor as string), ''), s.series,
            coalesce(cast(s.pci as string), ''), coalesce(cast(s.tac as string), '')
        ) as told
    from snapshots as s
    join days as d on d.series = s.series and d.snapshot_on = s.snapshot_on
),
neighbours as (
    select
        l.*,
        lag(l.snapshot_on) over (partition by l.cell_id order by l.snapshot_on) as before_on,
        lag(l.next_on) over (partition by l.cell_id order by l.snapshot_on) as expected_on,
        lag(l.told) over (partition by l.cell_id order by l.snapshot_on) as told_before
    from listed as l
),
judged as (
    select
        n.*,
        coalesce(n.expected_on < n.snapshot_on, false) as is_back,
        case
            when n.before_on is null or n.told <> n.told_before or n.expected_on < n.snapshot_on then 1 else 0
        end as is_new
    from neighbours as n
),
numbered as (
    select j.*, sum(j.is_new) over (partition by j.cell_id order by j.snapshot_on) as version_no from judged as j
),
spans as (
    select
        cell_id, version_no, min(snapshot_on) as first_on, max(snapshot_on) as last_on,
        max(case when is_new = 1 and is_back then 1 else 0 end) as is_back
    from numbered
    group by cell_id, version_no
),
ends as (
    select
        s.*,
        lead(s.first_on) over (partition by s.cell_id order by s.version_no) as following_on,
        lead(s.is_back) over (partition by s.cell_id order by s.version_no) as following_is_back
    from spans as s
)
select
    n.cell_id, n.site_id, n.cell_name, n.rat, n.region_code, n.town, n.scene, n.lon, n.lat, n.azimuth_deg,
    n.tilt_deg, n.height_m, n.band, n.bandwidth_mhz, n.is_indoor, n.vendor, n.pci, n.tac, n.on_air_on, n.datum_original,
    case when e.version_no = 1 and n.on_air_on < e.first_on then n.on_air_on else e.first_on end as valid_from,
    case when e.following_on is not null and e.following_is_back = 0 then e.following_on else l.next_on end as valid_to
from ends as e
join numbered as n on n.cell_id = e.cell_id and n.snapshot_on = e.first_on
join numbered as l on l.cell_id = e.cell_id and l.snapshot_on = e.last_on
