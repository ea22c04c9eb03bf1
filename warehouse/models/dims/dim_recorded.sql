-- One row per source and stage that it records at all.
-- Class: L1
-- Slice: grows
-- source: the event log, or the summary columns of one system's export (source_system; empty: a system without a name).
select source, source_system, stage from stg_recorded
