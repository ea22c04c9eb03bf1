-- One row per survey form.
-- Class: L2
select
    s.survey_id, s.month, s.region_code, s.network, s.segment, s.topic, s.nps_0_10, s.score_10, s.score_coverage, s.score_clarity,
    s.score_stability, s.has_problem, s.scenes, s.problems, s.terminal,
    s.score_10 >= r.satisfied_from_score as is_satisfied,
    case when s.nps_0_10 >= 9 then 'promoter' when s.nps_0_10 >= 7 then 'passive' when s.nps_0_10 >= 0 then 'detractor' end
        as nps_group
from stg_survey as s
cross join run as r
