-- Functions of the models that Spark names differently. One meaning, two spellings: see shims_duckdb.sql.
create or replace temporary function seconds_between(a timestamp_ntz, b timestamp_ntz) returns bigint return timestampdiff(second, a, b);
create or replace temporary function plus_minutes(t timestamp_ntz, n bigint) returns timestamp_ntz return timestampadd(minute, n, t);
create or replace temporary function has_match(s string, pattern string) returns boolean return s rlike pattern;
create or replace temporary function joined(words array<string>) returns string return array_join(words, ' ');
create or replace temporary function plus_seconds(t timestamp_ntz, n bigint) returns timestamp_ntz return timestampadd(second, n, t);
-- The first day at whose hour, hour_s seconds after its midnight, what happened at t has happened.
create or replace temporary function hour_day(t timestamp_ntz, hour_s bigint) returns date return cast(timestampadd(microsecond, -1, timestampadd(second, 86400 - hour_s, t)) as date);
