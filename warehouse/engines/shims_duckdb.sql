-- Functions of the models that DuckDB names differently. One meaning, two spellings: see shims_spark.sql.
create or replace temp macro seconds_between(a, b) as date_diff('second', a, b);
create or replace temp macro plus_minutes(t, n) as t + to_minutes(cast(n as bigint));
create or replace temp macro has_match(s, pattern) as regexp_matches(s, pattern);
-- Words that are not known are left out, also where none is.
create or replace temp macro joined(words) as case when words is not null then coalesce(array_to_string(words, ' '), '') end;
create or replace temp macro plus_seconds(t, n) as t + to_seconds(cast(n as bigint));
-- The first day at whose hour, hour_s seconds after its midnight, what happened at t has happened.
create or replace temp macro hour_day(t, hour_s) as cast(t + to_seconds(cast(86400 - hour_s as bigint)) - to_microseconds(1) as date);
