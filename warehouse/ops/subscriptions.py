"""Table of what subscribers were sent: one row per subscription and week, so that nobody gets a week twice."""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.ops.base import METADATA

# `state`: sending (somebody is at it since `tried_at`), waiting (failed, to be tried again), sent.
subscription_sent = sa.Table(
    "subscription_sent",
    METADATA,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("week", sa.String(8), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("tried_at", sa.DateTime, nullable=False),
    sa.Column("next_try_at", sa.DateTime, nullable=False),
    sa.Column("n_tries", sa.Integer, nullable=False, default=0),
    sa.Column("sent_at", sa.DateTime),
    sa.Column("issue_hash", sa.String(64)),
    sa.Column("fault", sa.Text),
)
