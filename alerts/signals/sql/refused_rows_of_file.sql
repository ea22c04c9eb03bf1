-- One row per instant and file loaded in the week before it: the share of its rows that were refused, or not mapped.
-- $what: 'refused' for rows refused, 'unmapped' for complaints of a type that no map knows.
-- A file is known from its loading on; in a simulated city, from the end of the time it is about.
with instants as (
    select unnest($instants) as seen_at
),
files as (
    select
        f.file_name, f.contract, f.n_rows, f.n_rejected, f.n_unmapped,
        case when f.loaded_at <= r.as_of then f.loaded_at else coalesce(f.last_period, f.first_period) end as known_at
    from fact_file as f
    cross join release_info as r
    where f.state = 'loaded' and f.n_rows > 0
)
select
    i.seen_at,
    f.file_name as scope_id,
    max(case when $what = 'refused' then f.n_rejected else f.n_unmapped end / f.n_rows) as value,
    max(f.n_rows) as n,
    max(case when $what = 'refused' then f.n_rejected else f.n_unmapped end) as n_bad
from instants as i
join files as f on f.known_at <= i.seen_at and f.known_at > i.seen_at - interval 7 day
group by all
