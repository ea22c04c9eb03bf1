"""What hotspots were called, and what planners noted about sites."""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.ops.base import METADATA

# The build's: what hotspots were called when a release first spoke of them. Only ever added to.
hotspot_seen = sa.Table(
    "hotspot_seen",
    METADATA,
    sa.Column("hotspot_id", sa.String(24), primary_key=True),
    sa.Column("week_start", sa.Date, primary_key=True),
    sa.Column("is_urban", sa.Boolean, nullable=False),
    sa.Column("grid_m", sa.Integer, nullable=False),
    sa.Column("grids", sa.Text, nullable=False),
    sa.Column("x_m", sa.Float, nullable=False),
    sa.Column("y_m", sa.Float, nullable=False),
    sa.Column("release_id", sa.String(80), nullable=False),
    sa.Column("published_at", sa.DateTime, nullable=False),
)
# The planners' work list: only ever added to, the newest line of a field holds.
need_event = sa.Table(
    "need_event",
    METADATA,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("hotspot_id", sa.String(24), nullable=False, index=True),
    sa.Column("happened_at", sa.DateTime, nullable=False),
    sa.Column("actor", sa.String(60), nullable=False),
    sa.Column("field", sa.String(24), nullable=False),
    sa.Column("value", sa.String(200), nullable=False),
)
