-- What adding to one table of sums needed.
drop table went; drop table came; drop table changed; drop table after
