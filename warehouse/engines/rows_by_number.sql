-- Rows of one file of a release by their numbers.
select t.* from $place as t where t.rowid in (select row_no from numbers)
