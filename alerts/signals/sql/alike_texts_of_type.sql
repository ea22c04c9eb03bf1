-- One row per instant and type: the most customers who complained in the same words within 7 days.
-- Same words: once figures, marks and spaces are left out, the first or the last $letters letters are equal, so that
-- something added before or after does not matter. Shorter sentences are alike by nature and not compared.
-- The text itself stays here: a warning keeps counts and ticket numbers.
with instants as (
    select unnest($instants) as seen_at
),
cleaned as (
    select
        ticket_id, cust_key, type_l1, accepted_at,
        regexp_replace(lower(summary_scrubbed), '[[:space:][:punct:][:digit:]，。、；：？！（）“”…—]', '', 'g') as words
    from fact_ticket
    where is_counted and cust_key is not null and summary_scrubbed is not null
        and accepted_at >= (select min(seen_at) from instants) - interval 7 day
        and accepted_at < (select max(seen_at) from instants)
),
texts as (
    select ticket_id, cust_key, type_l1, accepted_at, '<' || left(words, cast($letters as integer)) as words
    from cleaned
    where length(words) >= $letters
    union all
    select ticket_id, cust_key, type_l1, accepted_at, '>' || right(words, cast($letters as integer)) as words
    from cleaned
    where length(words) >= $letters
),
-- A text that only a few ever used is not worth looking at again at every instant.
several as (
    select words from texts group by words having count(distinct cust_key) >= $least
),
groups as (
    select
        i.seen_at, t.type_l1, t.words,
        count(distinct t.cust_key) as n_customers,
        min(t.accepted_at) as oldest_at,
        array_to_string(min_by(t.ticket_id, t.accepted_at, 5), ',') as worst
    from instants as i
    join texts as t on t.accepted_at < i.seen_at and t.accepted_at >= i.seen_at - interval 7 day
    join several as s on s.words = t.words
    group by all
)
select
    seen_at,
    type_l1 as scope_id,
    cast(max(n_customers) as double) as value,
    max(n_customers) as n,
    max_by(oldest_at, n_customers) as oldest_at,
    max_by(worst, n_customers) as worst
from groups
group by all
