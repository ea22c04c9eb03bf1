"""Tables of what people promise and remark: measures of improvement with their history, and notes on charts.

What a deed means is decided in `alerts.actions`.
"""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.ops.base import METADATA

# One row per measure as it stands: what its events add up to.
action_item = sa.Table(
    "action_item",
    METADATA,
    sa.Column("action_id", sa.String(24), primary_key=True),
    sa.Column("source", sa.String(12), nullable=False),
    sa.Column("source_ref", sa.String(120), index=True),
    sa.Column("level", sa.String(8), nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("scope_kind", sa.String(12), nullable=False),
    sa.Column("scope_id", sa.String(60), nullable=False),
    sa.Column("owner_dept", sa.String(24)),
    sa.Column("owner_person", sa.String(60)),
    sa.Column("raised_by", sa.String(60), nullable=False),
    sa.Column("raised_at", sa.DateTime, nullable=False),
    sa.Column("begins_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False, index=True),
    sa.Column("first_due_on", sa.Date, nullable=False),
    sa.Column("reply_by", sa.Date),
    sa.Column("replied_at", sa.DateTime),
    sa.Column("done_on", sa.Date),
    sa.Column("closed_at", sa.DateTime),
    sa.Column("result", sa.String(12)),
    sa.Column("result_note", sa.Text),
    sa.Column("verify_measure", sa.String(24), nullable=False),
    sa.Column("verify_type", sa.String(24)),
    sa.Column("verify_days", sa.Integer, nullable=False),
    sa.Column("control", sa.String(200), nullable=False),
    sa.Column("cost_yuan", sa.Float),
    sa.Column("is_permanent", sa.Boolean, nullable=False, default=False),
    sa.Column("revision", sa.Integer, nullable=False),
)
# Only ever added to. `revision` is the one the event made, so the same deed cannot be written twice.
action_event = sa.Table(
    "action_event",
    METADATA,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("action_id", sa.ForeignKey("action_item.action_id"), nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("happened_at", sa.DateTime, nullable=False),
    sa.Column("actor", sa.String(60), nullable=False),
    sa.Column("deed", sa.String(16), nullable=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("changes_json", sa.Text, nullable=False),
    sa.UniqueConstraint("action_id", "revision"),
)
# Remarks on charts: a point or a range of the time axis of a measure. Taken back, never deleted.
note = sa.Table(
    "note",
    METADATA,
    sa.Column("note_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("measure", sa.String(24), index=True),
    sa.Column("region_code", sa.String(16)),
    sa.Column("type_code", sa.String(24)),
    sa.Column("begins_on", sa.Date, nullable=False, index=True),
    sa.Column("ends_on", sa.Date),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.String(60), nullable=False),
    sa.Column("written_at", sa.DateTime, nullable=False),
    sa.Column("withdrawn_by", sa.String(60)),
    sa.Column("withdrawn_at", sa.DateTime),
    sa.UniqueConstraint("measure", "region_code", "type_code", "begins_on", "ends_on", "text", "author"),
)
