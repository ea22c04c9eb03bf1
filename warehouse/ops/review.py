"""Tables of the weekly review: what was sealed when and by whom, and what the meeting decided.

The sealed numbers themselves stand in a file of the home (`reviews/<week>/`); here is what they are held against.
"""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.ops.base import METADATA

# One row per week the meeting wrote anything about. `revision` rises with every change of attendees and minutes.
review = sa.Table(
    "review",
    METADATA,
    sa.Column("week", sa.String(8), primary_key=True),
    sa.Column("sealed_at", sa.DateTime),
    sa.Column("sealed_by", sa.String(60)),
    sa.Column("issue_hash", sa.String(64)),
    sa.Column("release_id", sa.String(80)),
    sa.Column("minutes_sealed_at", sa.DateTime),
    sa.Column("minutes_sealed_by", sa.String(60)),
    sa.Column("minutes_hash", sa.String(64)),
    sa.Column("attendees", sa.Text, nullable=False, default=""),
    sa.Column("minutes", sa.Text, nullable=False, default=""),
    sa.Column("revision", sa.Integer, nullable=False, default=0),
)
# Only ever added to: of one item the newest decision holds.
review_decision = sa.Table(
    "review_decision",
    METADATA,
    sa.Column("decision_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("week", sa.String(8), nullable=False, index=True),
    sa.Column("item_id", sa.String(60), nullable=False),
    sa.Column("item_zh", sa.Text, nullable=False),
    sa.Column("item_en", sa.Text, nullable=False),
    sa.Column("source", sa.String(120), nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("owner_dept", sa.String(24)),
    sa.Column("owner_person", sa.String(60)),
    sa.Column("due_on", sa.Date),
    sa.Column("action_id", sa.String(24)),
    sa.Column("decided_by", sa.String(60), nullable=False),
    sa.Column("decided_at", sa.DateTime, nullable=False),
)
