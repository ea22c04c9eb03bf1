"""Warnings, their history, silences, versions of rules, messages to be sent."""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.ops.base import METADATA

# The engine's: how far each rule was evaluated, and where its instances stand.
rule_run = sa.Table(
    "rule_run",
    METADATA,
    sa.Column("rule_id", sa.String(16), primary_key=True),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("evaluated_to", sa.DateTime, nullable=False),
    sa.Column("release_id", sa.String(80)),
    sa.Column("fault", sa.Text),
)
rule_instance = sa.Table(
    "rule_instance",
    METADATA,
    sa.Column("rule_id", sa.String(16), primary_key=True),
    sa.Column("scope_id", sa.String(120), primary_key=True),
    sa.Column("instance_json", sa.Text, nullable=False),
)
warning = sa.Table(
    "warning",
    METADATA,
    sa.Column("warning_id", sa.String(24), primary_key=True),
    sa.Column("rule_id", sa.String(16), nullable=False, index=True),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("scope_kind", sa.String(24), nullable=False),
    sa.Column("scope_id", sa.String(120), nullable=False),
    sa.Column("severity", sa.String(8), nullable=False),
    sa.Column("condition", sa.String(12), nullable=False),
    sa.Column("handling", sa.String(16), nullable=False),
    sa.Column("is_trial", sa.Boolean, nullable=False),
    sa.Column("first_breach_at", sa.DateTime, nullable=False),
    sa.Column("fired_at", sa.DateTime, nullable=False, index=True),
    sa.Column("last_breach_at", sa.DateTime),
    sa.Column("cleared_at", sa.DateTime),
    sa.Column("value", sa.Float),
    sa.Column("threshold", sa.Float),
    sa.Column("baseline", sa.Float),
    sa.Column("n", sa.Integer),
    sa.Column("evidence_json", sa.Text),
    sa.Column("owner_dept", sa.String(24)),
    sa.Column("owner_person", sa.String(60)),
    sa.Column("ack_by", sa.String(60)),
    sa.Column("ack_at", sa.DateTime),
    sa.Column("decision", sa.String(16)),
    sa.Column("decision_at", sa.DateTime),
    sa.Column("decision_by", sa.String(60)),
    sa.Column("false_reason", sa.Text),
    sa.Column("incident_id", sa.String(24), index=True),
    sa.Column("region_code", sa.String(16)),
    # When the engine first told of it: later than fired_at where it had not run for a while.
    sa.Column("known_at", sa.DateTime),
    sa.Column("revision", sa.Integer, nullable=False, default=0),
)
# History, kept for ever: only ever added to. The key makes a repeated evaluation add nothing.
warning_event = sa.Table(
    "warning_event",
    METADATA,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("warning_id", sa.ForeignKey("warning.warning_id"), nullable=False, index=True),
    sa.Column("happened_at", sa.DateTime, nullable=False),
    sa.Column("actor", sa.String(60), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("detail_json", sa.Text),
    sa.UniqueConstraint("warning_id", "happened_at", "actor", "action", "note"),
)
silence = sa.Table(
    "silence",
    METADATA,
    sa.Column("silence_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("rule_id", sa.String(16)),
    sa.Column("scope_id", sa.String(120)),
    sa.Column("begins_at", sa.DateTime, nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created_by", sa.String(60), nullable=False),
    sa.Column("lifted_at", sa.DateTime),
)
rule_version = sa.Table(
    "rule_version",
    METADATA,
    sa.Column("rule_id", sa.String(16), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("settings_json", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changed_by", sa.String(60), nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
    sa.Column("backtest_json", sa.Text, nullable=False),
)
outbox = sa.Table(
    "outbox",
    METADATA,
    sa.Column("message_id", sa.String(40), primary_key=True),
    sa.Column("target", sa.String(60), nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("n_tries", sa.Integer, nullable=False, default=0),
    sa.Column("next_try_at", sa.DateTime, nullable=False),
    sa.Column("sent_at", sa.DateTime),
    sa.Column("fault", sa.Text),
)
told_group = sa.Table(
    "told_group",
    METADATA,
    sa.Column("group_key", sa.String(120), primary_key=True),
    sa.Column("group_json", sa.Text, nullable=False),
)
