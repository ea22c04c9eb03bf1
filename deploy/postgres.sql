-- The operations store in PostgreSQL with the least rights. As the owner of the database, after the program made its tables
-- once (any command with LOOKOUT_OPS_URL of the owner). Then the pages and the engine sign in as lookout_app.
-- Run it again after an update of the program, likewise: new tables need their rights too.
do $$ begin create role lookout_app login; exception when duplicate_object then null; end $$;
do $$ begin create role lookout_audit login; exception when duplicate_object then null; end $$;
revoke create on schema public from public;
grant usage on schema public to lookout_app, lookout_audit;
grant select, insert, update, delete on all tables in schema public to lookout_app;
grant usage on all sequences in schema public to lookout_app;
-- The trail is only added to, by nobody changed: its rows cannot be updated or deleted by the program itself.
revoke update, delete, truncate on audit_event, audit_seen from lookout_app;
-- Auditors read the trail and nothing else.
grant select on audit_event, audit_seen, ops_about to lookout_audit;
