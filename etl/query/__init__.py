"""A contract whose rows are a select in a database: `etl pull` writes its result to the inbox as a file.

From there it is a file like any other. Loading does not belong here, and nothing here reads a clock.
"""

from __future__ import annotations

from etl.query.mark import point
from etl.query.round import Round, chosen, pull_all

__all__ = ["Round", "chosen", "point", "pull_all"]
