"""Who may come in, who is in, what was seen and taken away. What it means is decided in `accounts` and `audit`."""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.ops.base import METADATA

# People of the local sign-in. Times here are UTC. Limits are JSON lists; null is no limit, an empty list is nothing.
account = sa.Table(
    "account",
    METADATA,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("regions_json", sa.Text),
    sa.Column("departments_json", sa.Text),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("n_failures", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.DateTime),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
)
# One row per sign-in. The cookie's token is not here, only its hash; a session of a provider is known by its claims.
login_session = sa.Table(
    "login_session",
    METADATA,
    sa.Column("session_key", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False, index=True),
    sa.Column("how", sa.String(8), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("regions_json", sa.Text),
    sa.Column("departments_json", sa.Text),
    sa.Column("began_at", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
)
# Only ever added to, numbered without gaps, each row sealed with the hash of the one before.
audit_event = sa.Table(
    "audit_event",
    METADATA,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("happened_at", sa.DateTime, nullable=False, index=True),
    sa.Column("actor", sa.String(120), nullable=False, index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False, index=True),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("detail_json", sa.Text, nullable=False),
    sa.Column("n_rows", sa.Integer),
    sa.Column("purpose", sa.String(200), nullable=False),
    sa.Column("keys_hash", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("seal", sa.String(64), nullable=False),
)
# Whose rows an event showed: keys of customers, as the release has them. Sealed by `keys_hash` of the event.
audit_seen = sa.Table(
    "audit_seen",
    METADATA,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("cust_key", sa.String(64), primary_key=True, index=True),
)
# A file that somebody wants to take away: asked, decided, made, taken.
export_request = sa.Table(
    "export_request",
    METADATA,
    sa.Column("export_id", sa.String(24), primary_key=True),
    sa.Column("asked_by", sa.String(120), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("what", sa.String(60), nullable=False),
    sa.Column("question", sa.String(64), nullable=False),
    sa.Column("n_rows", sa.Integer, nullable=False),
    sa.Column("purpose", sa.String(200), nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("decided_by", sa.String(120)),
    sa.Column("decided_at", sa.DateTime),
    sa.Column("note", sa.String(200), nullable=False),
    sa.Column("expires_at", sa.DateTime),
    sa.Column("file_hash", sa.String(64)),
    sa.Column("taken_at", sa.DateTime),
    # The limits of who asked: whoever decides must not have narrower ones.
    sa.Column("regions_json", sa.Text),
    sa.Column("departments_json", sa.Text),
)
