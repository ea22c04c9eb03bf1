-- One row: how many rows a table has, and a hash that does not depend on their order. A sum, because equal rows
-- cancel each other out in an exclusive or.
select count(*) as n_rows, cast(coalesce(sum(hash(t)), 0) as varchar) as content_hash from $table as t
