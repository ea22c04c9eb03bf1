-- The operations store in PostgreSQL with the least rights. As the owner of the database, after the program made its tables
-- once (any command with LOOKOUT_OPS_URL of the owner). Then the pages and the engine sign in as lookout_app.
create role lookout_app login;
grant usage on schema public to lookout_app;
grant select, insert, update, delete on all tables in schema public to lookout_app;
-- The trail is only added to, by nobody changed: its rows cannot be updated or deleted by the program itself.
revoke update, delete, truncate on audit_event, audit_seen from lookout_app;
-- Auditors read the trail and nothing else.
create role lookout_audit login;
grant usage on schema public to lookout_audit;
grant select on audit_event, audit_seen, ops_about to lookout_audit;
