-- Some columns of rows that went, and a hash of all their columns: what lies below is read once.
select t.$kept, hash(t) as row_hash from $rows as t
