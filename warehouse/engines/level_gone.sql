-- Less those that a file above took away.
and not exists (select 1 from $gone as g where g.level = $level and g.row_no = t.rowid)
