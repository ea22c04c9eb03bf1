-- One row: the first day with a located complaint.
select min(t.accepted_on) as first_on
from fact_ticket as t
where list_contains($grades, t.geo_grade) and t.grid50 is not null and t.accepted_at < $until
