-- Functions of the models that Spark names differently. One meaning, two spellings: see shims_duckdb.sql.
-- Seconds begun between, as DuckDB counts them and so that parts add up; timestampdiff counts those that passed.
create or replace temporary function seconds_between(a timestamp_ntz, b timestamp_ntz) returns bigint return unix_seconds(cast(b as timestamp)) - unix_seconds(cast(a as timestamp));
create or replace temporary function plus_minutes(t timestamp_ntz, n bigint) returns timestamp_ntz return timestampadd(minute, n, t);
-- (?d): a line ends with \n alone, as there.
create or replace temporary function has_match(s string, pattern string) returns boolean return s rlike '(?d)' || pattern;
create or replace temporary function joined(words array<string>) returns string return array_join(words, ' ');
create or replace temporary function plus_seconds(t timestamp_ntz, n bigint) returns timestamp_ntz return timestampadd(second, n, t);
-- The first day at whose hour, hour_s seconds after its midnight, what happened at t has happened.
create or replace temporary function hour_day(t timestamp_ntz, hour_s bigint) returns date return cast(timestampadd(microsecond, -1, timestampadd(second, 86400 - hour_s, t)) as date);
