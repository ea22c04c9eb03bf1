-- One row per day and topic of the automatic service.
-- Class: L1
select session_on, topic, n_sessions, n_contained, n_handed_over, n_sampled, n_correct from stg_ai_session
