-- Empty the parts that are about to be built anew.
delete from $table where list_contains(?, part)
