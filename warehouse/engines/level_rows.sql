-- Rows of a table in one file of a release.
select t.* from $place as t where true
