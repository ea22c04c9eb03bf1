-- One row per day and topic.
-- Class: L1
select
    session_on,
    topic,
    n_sessions,
    n_contained,
    n_handed_over,
    n_sampled,
    n_correct
from lake_ai_session
qualify row_number() over (
    partition by session_on, topic
    order by file_on desc, file_id desc, row_no desc
) = 1
