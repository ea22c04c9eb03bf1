-- Take away rows by their numbers.
delete from $table where rowid in (select row_no from numbers)
