-- One row per day and topic of the automatic service: sessions, those it settled alone, and how many were checked.
-- Class: L1
select
    session_on as date_on,
    topic,
    cast(sum(n_sessions) as bigint) as n_sessions,
    cast(sum(n_contained) as bigint) as n_contained,
    cast(sum(n_sampled) as bigint) as n_sampled,
    cast(sum(n_correct) as bigint) as n_correct
from fact_ai_session
group by session_on, topic
