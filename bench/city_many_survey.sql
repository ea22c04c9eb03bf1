-- Survey forms: a city of as many more complaints asks more people, in its own months.
select
    s.* replace (
        s.row_no + c.copy * 10000000 as row_no,
        s.survey_id || '-' || c.copy as survey_id
    )
from lake_survey as s
cross join range(cast($first as bigint), cast($last as bigint)) as c (copy)
