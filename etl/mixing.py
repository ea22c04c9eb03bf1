"""One column, two ways to write a share: 97.3 and 0.973. Such a file is refused, for no rule can tell them apart later.

Not decided here: which of the two a source uses; its contract declares that.
"""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import CaseExpression, ColumnExpression, ConstantExpression, DuckDBPyRelation, FunctionExpression

from etl.contract import Contract
from etl.read import Raw
from etl.sentences import fault
from warehouse.problems import Problem, Problems

LEAST_GAP = 10.0
TOLERANCE = 0.1


class Refused(Problems):
    """A file that can be read, and none of whose rows may be taken: like too many refused rows, no failure to load."""


@dataclass(frozen=True)
class Spread:
    """The shares of one column: how many lie in (0, 1] and above, and the span of each group."""

    n_low: int
    low: float
    below_gap: float
    n_high: int
    above_gap: float
    high: float

    @property
    def is_mixed(self) -> bool:
        """Two groups an order of magnitude apart, the lower of which fits into the upper one when taken times 100.

        A drop rate in percent runs through 1 without a gap, and 0.08 % times 100 is no drop rate of its neighbours.
        """
        if self.n_low == 0 or self.n_high == 0:
            return False
        has_gap = self.above_gap >= LEAST_GAP * self.below_gap
        return (
            has_gap
            and self.low * 100 >= self.above_gap * (1 - TOLERANCE)
            and self.below_gap * 100 <= self.high * (1 + TOLERANCE)
        )

    @property
    def shown(self) -> dict[str, object]:
        """The spread as the sentence says it."""
        bounds = {"low": self.low, "below": self.below_gap, "above": self.above_gap, "high": self.high}
        return {"n_low": self.n_low, "n_high": self.n_high} | {name: f"{value:g}" for name, value in bounds.items()}


def refuse_mixed_shares(raw: Raw, contract: Contract, file_name: str) -> None:
    """Look through the columns declared as percent or fraction. Raises `Refused` that names every mixed one."""
    faults: list[Problem] = []
    for header, is_percent in share_headers(contract, raw.headers).items():
        spread = spread_of(raw.relation, header, is_percent)
        if spread.is_mixed:
            faults += fault("mixed_shares", file_name, column=header, **spread.shown).problems
    if faults:
        raise Refused(faults)


def share_headers(contract: Contract, headers: list[str]) -> dict[str, bool]:
    """Headers of the file whose values are shares by the contract, and whether it declares them as percent."""
    rule = contract.unpivot
    found: dict[str, bool] = {}
    for name, source in contract.columns.items():
        if source.unit is None and contract.target.columns[name].type != "ratio":
            continue
        for header in source.headers:
            present = rule.present(headers) if rule and header == rule.value else [header]
            found |= {h: source.unit == "percent" for h in present if h in headers}
    return found


def spread_of(relation: DuckDBPyRelation, header: str, is_percent: bool) -> Spread:
    """How the numbers lie. Among fractions one with a percent sign says by itself what it is, and is left out."""
    text = FunctionExpression("tidy", ColumnExpression(header))
    if is_percent:
        text = FunctionExpression("rtrim", text, ConstantExpression("%％ "))
    number = FunctionExpression("to_real", text)
    shares = relation.select(number.alias("share")).filter(ColumnExpression("share") > ConstantExpression(0))
    share = ColumnExpression("share")
    is_low = share <= ConstantExpression(1)
    split = shares.select(CaseExpression(is_low, share).alias("low"), CaseExpression(~is_low, share).alias("high"))
    wanted = "count(low), min(low), max(low), count(high), min(high), max(high)"
    [(n_low, low, below_gap, n_high, above_gap, high)] = split.aggregate(wanted).fetchall()
    return Spread(n_low, low or 0.0, below_gap or 0.0, n_high, above_gap or 0.0, high or 0.0)
