"""The live run: every rule from where it stands up to an instant, kept in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import duckdb
import sqlalchemy as sa

from alerts import found, store
from alerts.acted import knowing
from alerts.adopt import adopt
from alerts.aftermath import FIRED, changes, looking_at, raised
from alerts.engine import follow, instants
from alerts.located import locate
from alerts.rules import Rule
from alerts.signals import signals
from alerts.signals.weekly import Say
from alerts.sources import Release
from alerts.state import Ambiguous, TooMany
from warehouse import ops
from warehouse.problems import Problems
from warehouse.sealed import TimedOut

# A rule that never ran looks back so far, so that what lasts is known to last.
WARM_UP = timedelta(weeks=2)
AT_ONCE = 336  # instants: two weeks of hours, a day of five minutes


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
    kept: sa.Engine,
    release: Release,
    rules: Mapping[str, Rule],
    as_of: datetime,
    since: datetime | None = None,
    say: Say | None = None,
) -> Done:
    """Evaluate all rules that are not off. Run twice with one `as_of`, the second time finds nothing to do.

    A long time is evaluated week by week, all rules of one week before the next, as they share the hours they read.
    `say` is told how many rules of how many weeks are done.
    """
    done = Done(as_of)
    known = changes(release)
    # A rule that looks at what others found comes after them.
    active = sorted((r for r in rules.values() if r.standing != "off"), key=lambda r: FIRED in r.parameters)
    done.n_rules = len(active)
    began = {rule.id: found.where_it_stands(kept, rule)[1] or since or as_of - WARM_UP for rule in active}
    ends = stretches(min(began.values(), default=as_of), as_of)
    for n, (until, rule) in enumerate(product(ends, active)):
        if say is not None and n:
            say(n, len(ends) * len(active))
        if rule.id in done.faults:
            continue
        before, stood_at = found.where_it_stands(kept, rule)
        try:
            seen = knowing(rule, kept)
            if FIRED in rule.parameters:
                seen = looking_at(seen, store.after_changes(kept))
            for times in pieces(rule, instants(rule, stood_at or began[rule.id], until)):
                outcome = raised(follow(seen, release, times, before), known)
                done.n_new += found.record(kept, outcome, stood_at, release.id, known.region, as_of)
                before, stood_at = outcome.instances, outcome.evaluated_to
        except store.Stale:
            continue  # the other run does the same work
        except (Ambiguous, TooMany, TimedOut, Problems, duckdb.Error) as error:
            done.faults[rule.id] = str(error)
    for name, step in (("districts", locate), ("incidents", lambda k, r: adopt(k, r, as_of))):
        try:
            step(kept, release)
        except (TimedOut, duckdb.Error) as error:
            done.faults[name] = str(error)
    with kept.connect() as con:
        firing = sa.select(sa.func.count()).select_from(ops.warning).where(ops.warning.c.condition == "firing")
        done.n_firing = con.execute(firing).scalar_one()
    return done


def pieces(rule: Rule, times: Sequence[datetime]) -> list[Sequence[datetime]]:
    """So many instants at once that what a signal says of thousands of tickets at each fits into memory. Hours are cut
    into parts where they are read, and opened once for all rules."""
    if times and signals()[rule.signal].reads_hours:
        return [times]
    return [times[first : first + AT_ONCE] for first in range(0, len(times), AT_ONCE)]


def stretches(since: datetime, until: datetime) -> list[datetime]:
    """The ends of the weeks in (since, until], Mondays at 0:00, and `until` itself."""
    end = datetime.combine(since.date(), datetime.min.time()) + timedelta(days=7 - since.weekday())
    found = []
    while end < until:
        found.append(end)
        end += timedelta(weeks=1)
    return [*found, until]
