-- One row per instant and department: open tickets without anything of substance, or without a word to the customer.
-- Without substance: a day old, chased at least once, and nothing done but passing it on. Without a word: 48 hours since
-- the last contact we made, or since acceptance. What is done afterwards changes no earlier instant.
with instants as (
    select unnest($instants) as seen_at
),
stays as (
    select *, coalesce(held_to, timestamp '9999-12-31') as until_at
    from mart_ticket_held
    where (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
        and coalesce(held_to, timestamp '9999-12-31') > accepted_at + interval 24 hour
),
of_substance as (
    select ticket_id, min(event_at) as done_at
    from fact_ticket_event
    where is_substantive and not is_early
        and event in ('FRS', 'PROGRESS', 'INV', 'PLN', 'RES', 'FBK', 'COMPENSATE')
        and ticket_id in (select ticket_id from stays)
    group by ticket_id
),
contacts as (
    select ticket_id, contact_at, kind, direction
    from fact_contact
    where ticket_id in (select ticket_id from stays)
),
chased as (
    select ticket_id, min(contact_at) as chased_at from contacts where kind = 'chaser' group by ticket_id
),
words as (
    select ticket_id, contact_at as said_at from contacts where direction = 'out'
    union
    select ticket_id, accepted_at as said_at from stays
),
silences as (
    select
        ticket_id, said_at,
        lead(said_at, 1, timestamp '9999-12-31') over (partition by ticket_id order by said_at) as next_at
    from words
),
stretches as (
    select
        s.ticket_id, s.dept, s.accepted_at,
        greatest(s.held_from, s.accepted_at + interval 24 hour, c.chased_at) as from_at,
        least(s.until_at, coalesce(d.done_at, timestamp '9999-12-31')) as to_at,
        s.accepted_at as since_at,
        false as is_silent
    from stays as s
    join chased as c on c.ticket_id = s.ticket_id
    left join of_substance as d on d.ticket_id = s.ticket_id
    union all
    select
        s.ticket_id, s.dept, s.accepted_at,
        greatest(s.held_from, w.said_at + to_seconds(3600 * $silent_hours)) as from_at,
        least(s.until_at, w.next_at) as to_at,
        w.said_at as since_at,
        true as is_silent
    from stays as s
    join silences as w on w.ticket_id = s.ticket_id and w.next_at > w.said_at + to_seconds(3600 * $silent_hours)
),
seen as (
    select
        i.seen_at, s.ticket_id, s.dept, s.accepted_at,
        max(date_diff('second', s.since_at, i.seen_at)) as stands_s,
        bool_or(not s.is_silent) as is_without_substance,
        bool_or(s.is_silent) as is_silent
    from instants as i
    join stretches as s on s.from_at < i.seen_at and s.to_at > i.seen_at
    group by all
)
select
    seen_at,
    dept as scope_id,
    cast(count(*) as double) as value,
    count(*) as n,
    count_if(coalesce(is_without_substance, false)) as n_without_substance,
    count_if(coalesce(is_silent, false)) as n_silent,
    max(stands_s) / 3600.0 as longest_h,
    min(accepted_at) as oldest_at,
    array_to_string(max_by(ticket_id, stands_s, 5), ',') as worst,
    dept as owner_dept
from seen
group by all
