-- One row per survey form.
-- Class: L2
select
    s.survey_id, s.month, s.region_code, s.network, s.segment, s.score_10, s.score_coverage, s.score_clarity,
    s.score_stability, s.has_problem, s.scenes, s.problems,
    s.score_10 >= r.satisfied_from_score as is_satisfied
from stg_survey as s
cross join run as r
