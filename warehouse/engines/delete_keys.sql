-- Take away the rows that are about to be made anew.
delete from $table where $key in (select $key from $gone)
