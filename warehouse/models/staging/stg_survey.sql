-- One row per survey form.
-- Class: L2
select
    survey_id,
    month,
    region_code,
    network,
    segment,
    score_10,
    nps_0_10,
    topic,
    score_coverage,
    score_clarity,
    score_stability,
    has_problem,
    scenes,
    problems,
    terminal
from lake_survey
qualify row_number() over (
    partition by survey_id
    order by file_on desc, file_id desc, row_no desc
) = 1
