-- Which rows of the files below do not count any more.
create table $gone (level bigint, row_no bigint)
