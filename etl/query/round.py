"""All queries of a workspace, one after another; one that fails keeps none of the others from being pulled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from etl.contract import Contract
from etl.load import customer_keys
from etl.query.mark import Point, folder
from etl.sentences import fault
from warehouse.home import Home
from warehouse.lock import writer_lock
from warehouse.problems import Failure, Problem, Problems
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    from etl.query.pulling import Pulled


@dataclass
class Round:
    """What came of the queries. `is_failure` when one was right and could not be carried out."""

    pulled: list[Pulled] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_failure: bool = False

    def report(self) -> dict[str, Any]:
        """What `python -m etl pull --json` prints."""
        made: dict[str, Any] = {
            "pulled": sum(p.file_name is not None for p in self.pulled),
            "rows": sum(p.n_rows for p in self.pulled),
            "failed": len(self.problems),
            "queries": [vars(p) for p in self.pulled],
        }
        return made | ({"problems": [vars(p) for p in self.problems]} if self.problems else {})


def chosen(contracts: list[Contract], names: list[str]) -> list[Contract]:
    """The contracts that are a query; of these the named ones, all without names. Raises for a name that is none."""
    found = {c.name: c for c in contracts if c.query}
    if unknown := [name for name in names if name not in found]:
        known = ", ".join(sorted(found)) or "-"
        raise Problems([p for name in unknown for p in fault("query_unknown", name, known=known).problems])
    return [found[name] for name in names] if names else list(found.values())


def pull_all(
    home: Home,
    workspace: Workspace,
    contracts: list[Contract],
    now: datetime,
    since: Point | None,
    say: Callable[[str], None],
) -> Round:
    """Pull each of these contracts' queries; `now` has an offset. Raises `Failure` while another pull runs."""
    result = Round()
    if not contracts:
        return result
    from etl.query.pulling import pull  # the engines of databases take a fifth of a second that no load should pay

    home.prepare()
    secret = customer_keys(home).secret
    with writer_lock(folder(home), "etl pull", now.replace(tzinfo=None)):
        for contract in contracts:
            try:
                made = pull(home, contract, workspace.settings.timezone, now, secret, since)
            except Problems as error:
                result.problems += error.problems
                result.is_failure |= isinstance(error, Failure)
                say("\n".join(str(p) for p in error.problems))
                continue
            result.pulled.append(made)
            say(describe(made))
    return result


def describe(made: Pulled) -> str:
    """One line for the console."""
    since = f" since {made.since}" if made.since is not None else ""
    known = f", {made.n_known:,} known before" if made.n_known else ""
    if made.file_name is None:
        return f"{made.name}: nothing new{since}{known}, no file written"
    return f"{made.name}: {made.n_rows:,} rows{since} into {made.file_name}{known}"
