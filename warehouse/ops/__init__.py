"""What people and the engine write: warnings, their history, silences, messages to be sent.

SQLite beside the data by default, PostgreSQL by URL; one small transaction a deed, so that several processes may write.
Nothing here is rebuilt from files, and no release carries any of it. What a deed means is decided in `alerts`.
Tables stand in a file per subject; here they all have one name.
"""

from warehouse.ops.access import account, audit_event, audit_seen, export_request, login_session
from warehouse.ops.actions import action_event, action_item, note
from warehouse.ops.base import METADATA, SCHEMA_VERSION, about
from warehouse.ops.planning import hotspot_seen, need_event
from warehouse.ops.review import review, review_decision
from warehouse.ops.store import existing_ops, open_ops, ops_url, writing
from warehouse.ops.subscriptions import subscription_sent
from warehouse.ops.warnings import (
    outbox,
    rule_instance,
    rule_run,
    rule_version,
    silence,
    told_group,
    warning,
    warning_event,
)

__all__ = [
    "METADATA",
    "SCHEMA_VERSION",
    "about",
    "account",
    "action_event",
    "action_item",
    "audit_event",
    "audit_seen",
    "existing_ops",
    "export_request",
    "hotspot_seen",
    "login_session",
    "need_event",
    "note",
    "open_ops",
    "ops_url",
    "outbox",
    "review",
    "review_decision",
    "rule_instance",
    "rule_run",
    "rule_version",
    "silence",
    "subscription_sent",
    "told_group",
    "warning",
    "warning_event",
    "writing",
]
