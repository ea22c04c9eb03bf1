-- What `content_hash.sql` says of whole rows, of rows that kept only their hash.
select count(*) as n_rows, cast(coalesce(sum(t.row_hash), 0) as varchar) as content_hash from $table as t
