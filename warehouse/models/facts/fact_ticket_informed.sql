-- One row per counted ticket that was open for more than 48 hours: whether the customer was kept informed (M31).
-- Class: L2
-- Slice: ticket_id
-- Open: feedback_at is null
-- Silence runs from acceptance and from every first reply, progress report or result to the next one, in the end to the
-- result or, of a ticket still open, to the instant of the release. A call that reached nobody breaks no silence.
-- is_informed: no silence was longer than 48 hours; null of a ticket without a log and without any recorded contact.
with tickets as (
    select ticket_id, accepted_at, feedback_at, source from fact_ticket where is_counted
),
contacts as (
    select ticket_id, contact_at from fact_contact
    where direction = 'out' and kind <> 'callback' and coalesce(is_reached, true)
),
spans as (
    select t.ticket_id, t.accepted_at, t.feedback_at, t.source, coalesce(t.feedback_at, r.as_of) as until_at
    from tickets as t
    cross join run as r
),
long as (
    select ticket_id, accepted_at, feedback_at, source, until_at
    from spans
    where seconds_between(accepted_at, until_at) > 172800
),
moments as (
    select ticket_id, accepted_at as told_at, until_at, 0 as is_report from long
    union all
    select l.ticket_id, c.contact_at as told_at, l.until_at, 1 as is_report
    from long as l
    join contacts as c on c.ticket_id = l.ticket_id and c.contact_at > l.accepted_at and c.contact_at < l.until_at
),
silences as (
    select
        ticket_id,
        is_report,
        seconds_between(
            told_at, coalesce(lead(told_at) over (partition by ticket_id order by told_at), until_at)
        ) as silence_s
    from moments
),
longest as (
    select ticket_id, sum(is_report) as n_reports, max(silence_s) as silence_s from silences group by ticket_id
),
known as (
    select distinct ticket_id from fact_contact
)
select
    l.ticket_id,
    l.feedback_at,
    s.n_reports,
    cast(s.silence_s as double) / 3600 as longest_silence_h,
    case when l.source = 'log' or k.ticket_id is not null then s.silence_s <= 172800 end as is_informed
from long as l
join longest as s on s.ticket_id = l.ticket_id
left join known as k on k.ticket_id = l.ticket_id
