"""What every table of the operations store hangs on. One file of this folder per subject holds its tables."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
SCHEMA_VERSION = 3

about = sa.Table(
    "ops_about",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(200), nullable=False),
)
