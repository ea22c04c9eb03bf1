"""What people complain about most, week after week, while nobody has promised anything (PB14). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from alerts.actions.item import Action

TOP, LEAST_WEEKS = 5, 4
WIDE = ("city", "region", "dept")  # a measure at one place is no answer to what the whole city complains about


@dataclass(frozen=True)
class Lag:
    """A type of complaints among the first five for `weeks` weeks up to the newest, with the complaints in them."""

    type_code: str
    weeks: int
    n: int


def lagging(counts: pd.DataFrame, actions: Sequence[Action]) -> list[Lag]:
    """`counts[week_start, type_code, n]`: whole weeks, each without a gap. The longest first.

    A type has an answer where a wide measure against it is open, or was begun while it has been among the first five.
    """
    if counts.empty:
        return []
    weeks = sorted(counts["week_start"].unique(), reverse=True)
    firsts = {
        week: set(part.sort_values(["n", "type_code"], ascending=[False, True])["type_code"].head(TOP))
        for week, part in counts.groupby("week_start")
    }
    found = []
    for code in sorted(firsts[weeks[0]]):
        streak = next((at for at, week in enumerate(weeks) if code not in firsts[week]), len(weeks))
        began = pd.Timestamp(weeks[streak - 1]).date()
        if streak < LEAST_WEEKS or any(_answers(a, code, began) for a in actions):
            continue
        part = counts[(counts["type_code"] == code) & counts["week_start"].isin(weeks[:streak])]
        found.append(Lag(str(code), streak, int(part["n"].sum())))
    return sorted(found, key=lambda lag: (-lag.weeks, -lag.n, lag.type_code))


def _answers(action: Action, code: str, began: date) -> bool:
    wanted = action.verify_type
    touches = wanted is None or code.startswith(wanted)
    is_timely = action.is_open or action.begins_on >= began
    return touches and action.scope_kind in WIDE and is_timely
