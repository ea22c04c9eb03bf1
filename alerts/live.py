"""The live run: every rule from where it stands up to an instant, kept in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import duckdb
import sqlalchemy as sa

from alerts import store
from alerts.adopt import adopt
from alerts.aftermath import FIRED, changes, looking_at, raised
from alerts.engine import follow, instants
from alerts.rules import Rule
from alerts.sources import Release
from alerts.state import Ambiguous, TooMany
from warehouse import ops
from warehouse.problems import Problems
from warehouse.sealed import TimedOut

# A rule that never ran looks back so far, so that what lasts is known to last.
WARM_UP = timedelta(weeks=2)


@dataclass
class Done:
    """What a run did. A rule that fails is named here and leaves the others alone."""

    as_of: datetime
    n_rules: int = 0
    n_new: int = 0
    n_firing: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "as_of": self.as_of.isoformat()}


def run(
    kept: sa.Engine, release: Release, rules: Mapping[str, Rule], as_of: datetime, since: datetime | None = None
) -> Done:
    """Evaluate all rules that are not off. Run twice with one `as_of`, the second time finds nothing to do."""
    done = Done(as_of)
    known = changes(release)
    # A rule that looks at what others found comes after them.
    for rule in sorted(rules.values(), key=lambda r: FIRED in r.parameters):
        if rule.standing == "off":
            continue
        done.n_rules += 1
        before, stood_at = store.where_it_stands(kept, rule)
        try:
            times = instants(rule, stood_at or since or as_of - WARM_UP, as_of)
            seen = looking_at(rule, store.after_changes(kept)) if FIRED in rule.parameters else rule
            outcome = raised(follow(seen, release, times, before), known)
            done.n_new += store.record(kept, outcome, stood_at, release.id, known.region, as_of)
        except store.Stale:
            continue  # the other run does the same work
        except (Ambiguous, TooMany, TimedOut, Problems, duckdb.Error) as error:
            done.faults[rule.id] = str(error)
    try:
        adopt(kept, release, as_of)
    except (TimedOut, duckdb.Error) as error:
        done.faults["incidents"] = str(error)
    done.n_firing = len(store.warnings(kept, ops.warning.c.condition == "firing"))
    return done
