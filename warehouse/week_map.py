"""Complaints per 10,000 users of one week by district and town, with what a role must not see left out.

The lattice of a role with small cells (domain reference 2.2): district by level-1 type, and town for all together.
What is hidden is decided on the whole lattice of the week, not on the question asked, so that no second question of
the map (another type, another layer, another selection of types) tells what the first one hid; and what longer periods
would tell (`telling`) is hidden too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from warehouse import selects
from warehouse.analysis.covering import cover, fold, with_totals
from warehouse.analysis.suppression import protect, protect_groups
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.scope import check_question, col, least_of
from warehouse.viewer import Viewer

RATE, TOWN_RATE = "M02", "M02_TOWN"
SHOWN, SMALL, TOO = "", "small", "too"  # sign: shown; fewer than `least` customers; hidden because another one is
_ANY = "?"


@dataclass(frozen=True)
class Weekly:
    """`parts`: region_code, (town,) n, user_months, sign. n and user_months are missing where the sign is not empty.

    `rest`: what districts tell about their folded towns together: region_code, n_towns, n, user_months.
    `whole`: tickets and user-months of all, None where that is hidden. `is_carried_back`: users of towns are those of
    a later week.
    """

    parts: pd.DataFrame
    n: float | None
    user_months: float | None
    rest: pd.DataFrame
    is_carried_back: bool = False


def has_towns(viewer: Viewer, where: Filters) -> bool:
    """Whether towns may be told apart: where small groups are hidden, for all complaints together only.

    A town has six complaints a week: by type nearly all would be hidden, and the others would tell them.
    """
    return least_of(viewer) == 0 or not set(dict(where.values)) - {"region_code"}


def districts(reader: Reader, viewer: Viewer, week: Period, where: Filters) -> Weekly:
    """Every district with complaints in the week, as `Weekly`. A filter of districts is left to the page."""
    where, chosen = where.without("region_code", "type_l1"), dict(where.values).get("type_l1", ())
    check_question(viewer, [name for name, _ in where.values], ["region_code", "type_l1"])
    table = _Lattice(reader, viewer, week, where)
    users = _users(reader, viewer, week, RATE, ["region_code"])
    parts = pd.DataFrame({"region_code": list(table.rows), "n": [table.tickets(r, chosen) for r in table.rows]})
    # Without a row a column of codes has whatever type an empty one gets.
    parts = parts[parts["n"] > 0].astype({"region_code": object})
    users = users.astype({"region_code": object})
    parts = parts.merge(users[["region_code", "user_months"]], on="region_code", how="left")
    parts["sign"] = [table.sign(r, chosen) for r in parts["region_code"]]
    if table.sign(None, chosen) != SHOWN:
        return Weekly(_blanked(parts), None, None, _no_rest())
    months = float(users["user_months"].sum()) if len(users) else None
    return Weekly(_blanked(parts), float(table.tickets(None, chosen)), months, _no_rest())


def towns(reader: Reader, viewer: Viewer, week: Period, where: Filters) -> Weekly:
    """Every town with users or complaints in the week; small ones are folded into the rest of their district."""
    if not has_towns(viewer, where):
        raise ValueError("this role sees towns for all complaints together only: ask has_towns first")
    where, by = where.without("region_code"), ["region_code", "town"]
    counted = _counts(reader, viewer, week, [by], where).drop(columns="level")
    users = _users(reader, viewer, week, TOWN_RATE, by)
    codes = dict.fromkeys(by, object)
    found = counted.astype(codes).merge(users.astype(codes), on=by, how="outer").sort_values(by, ignore_index=True)
    found[["n", "people"]] = found[["n", "people"]].fillna(0)
    is_back = bool(len(users)) and bool(users["is_carried_back"].all())
    found = found.drop(columns="is_carried_back")
    of = districts(reader, viewer, week, where)
    if not least_of(viewer):
        parts = _blanked(found.assign(sign=SHOWN))
        return Weekly(parts[parts["town"] != _ANY].reset_index(drop=True), of.n, of.user_months, _no_rest(), is_back)
    return _folded(reader, viewer, week, where, found, of, is_back)


def _folded(
    reader: Reader, viewer: Viewer, week: Period, where: Filters, found: pd.DataFrame, of: Weekly, is_back: bool
) -> Weekly:
    least = least_of(viewer)
    union = _people_in(reader, viewer, week, where, found, least)
    hidden = set(of.parts.loc[of.parts["sign"] != SHOWN, "region_code"])
    signs, rest = pd.Series(SHOWN, index=found.index), []
    for region, part in found.groupby("region_code"):
        n, people = part["n"].to_numpy(np.int64), part["people"].to_numpy(np.int64)
        gone = np.full(len(part), True) if region in hidden else fold(n, people, least, union.get(str(region), 0))
        gone |= gone.any() & (part["town"] == _ANY).to_numpy()
        signs[part.index[gone]] = np.where(people[gone] < least, SMALL, TOO)
        if gone.any() and region not in hidden:
            kept = part[gone]
            months = kept["user_months"].sum(min_count=1)
            n_towns = int((kept["town"] != _ANY).sum())
            rest.append({"region_code": region, "n_towns": n_towns, "n": float(n[gone].sum()), "user_months": months})
    parts = _blanked(found.assign(sign=signs))
    parts = parts[parts["town"] != _ANY].reset_index(drop=True)
    return Weekly(parts, of.n, of.user_months, pd.DataFrame(rest) if rest else _no_rest(), is_back)


class _Lattice:
    """Tickets of a week by district and level-1 type, and what of that is hidden from the viewer."""

    def __init__(self, reader: Reader, viewer: Viewer, week: Period, where: Filters) -> None:
        sets = [["region_code", "type_l1"], ["region_code"], ["type_l1"], []]
        cells = _counts(reader, viewer, week, sets, where)
        self.rows = {code: k for k, code in enumerate(sorted(set(cells.loc[cells["level"] == 0, "region_code"])))}
        self._cols = {code: k for k, code in enumerate(sorted(set(cells.loc[cells["level"] == 0, "type_l1"])))}
        people = np.zeros((len(self.rows) + 1, len(self._cols) + 1), np.int64)
        n = np.zeros((len(self.rows), len(self._cols)), np.int64)
        for cell in cells.itertuples():
            i = -1 if cell.level in (2, 3) else self.rows[cell.region_code]
            j = -1 if cell.level in (1, 3) else self._cols[cell.type_l1]
            people[i, j] = cell.people
            if cell.level == 0:
                n[i, j] = cell.n
        self._n, self._least = with_totals(n), least_of(viewer)
        self._small = (people > 0) & (people < self._least)
        self._kept = np.zeros(people.shape, bool)
        for by in (["region_code", "type_l1"], ["region_code"], ["type_l1"]) if viewer.level == "L1" else ():
            for key, course in reader.courses(viewer, by, Filters()).items():
                at = dict(zip(by, key, strict=True))
                row = at.get("region_code") or _ANY
                column = at.get("type_l1") or _ANY
                if ("region_code" in at and row not in self.rows) or ("type_l1" in at and column not in self._cols):
                    continue
                i = self.rows[str(row)] if "region_code" in at else -1
                j = self._cols[str(column)] if "type_l1" in at else -1
                self._kept[i, j] = not course.is_told(week)

    @cached_property
    def _gone(self) -> NDArray[np.bool_]:
        if not (self._small | self._kept).any():
            return self._small
        return cover(self._n, self._small, self._least, self._as_elsewhere(self._n) | self._kept)

    def _as_elsewhere(self, n: NDArray[np.int64]) -> NDArray[np.bool_]:
        """What pages hide that draw the same cells as a heat or as bars, so that a map never shows what they hide."""
        height, width = n.shape[0] - 1, n.shape[1] - 1
        i, j = (axis.ravel() for axis in np.indices(n.shape))
        long = pd.DataFrame({"i": i, "j": j, "n": n.ravel().astype(float), "small": self._small.ravel()})
        long = long[long["n"] > 0]
        cells, types = (
            long[(long["i"] < height) & (long["j"] < width)],
            long[(long["i"] == height) & (long["j"] < width)],
        )
        regions = long[long["i"] < height]
        gone = np.zeros(n.shape, bool)
        for part, too in (
            (cells, protect(cells, "i", "j", "n", "small")),
            (types, protect_groups(types, None, "n", "small")),
            (regions, protect_groups(regions, "j", "n", "small")),
        ):
            gone[part.loc[too, "i"].to_numpy(int), part.loc[too, "j"].to_numpy(int)] = True
        return gone

    def _columns(self, types: tuple[str, ...]) -> list[int]:
        return [self._cols[t] for t in types if t in self._cols] if types else [-1]

    def tickets(self, region: str | None, types: tuple[str, ...]) -> int:
        """Of a district (None: of all) and some types (none: of all)."""
        row = -1 if region is None else self.rows[region]
        return int(sum(self._n[row, column] for column in self._columns(types)))

    def sign(self, region: str | None, types: tuple[str, ...]) -> str:
        """The sign of a district (None: of all) for some types; several together are hidden as soon as one of them is.

        Their sum is no figure of the lattice, and would tell the one by the others.
        """
        row, columns = (-1 if region is None else self.rows[region]), self._columns(types)
        if any(self._gone[row, c] for c in columns):
            return SMALL if len(columns) == 1 and self._small[row, columns[0]] else TOO
        return SHOWN


def _no_rest() -> pd.DataFrame:
    return pd.DataFrame({"region_code": [], "n_towns": [], "n": [], "user_months": []})


def _inside(viewer: Viewer) -> Viewer:
    """The same scope without hidden figures: what is hidden is decided here."""
    return Viewer("analyst", "L2", viewer.regions, viewer.departments)


def _counts(reader: Reader, viewer: Viewer, week: Period, sets: list[list[str]], where: Filters) -> pd.DataFrame:
    """Tickets and different customers per set of columns: the columns, level (which set), n, people."""
    source = sa.table("mart_ticket")
    names = sets[0]
    grouped = [sa.tuple_(*(col(source, c) for c in one)) if one else sa.literal_column("()") for one in sets]
    # A ticket without a number is one unknown customer.
    who = sa.func.coalesce(col(source, "cust_key"), col(source, "ticket_id"))
    asked = (
        sa.select(
            *(col(source, c) for c in names),
            sa.func.grouping(*(col(source, c) for c in names)).label("level"),
            sa.func.count().label("n"),
            sa.func.count(sa.distinct(who)).label("people"),
        )
        .select_from(source)
        .where(
            *selects.accepted_in(source, week),
            *selects.inside(reader.levels, "mart_ticket", _inside(viewer), where, source),
        )
        .group_by(sa.func.grouping_sets(*grouped))
    )
    found = reader.run(asked)
    found[names] = found[names].astype("string").fillna(_ANY).astype(str)
    return found


def _users(reader: Reader, viewer: Viewer, week: Period, rate: str, by: list[str]) -> pd.DataFrame:
    """User-months of the week: by, user_months, and for towns is_carried_back. Empty where nobody counts users."""
    base = str(measures()[rate].denominator_base)
    if base not in reader.levels:
        return pd.DataFrame({**{c: pd.Series(dtype=str) for c in by}, "user_months": [], "is_carried_back": []})
    source = sa.table(base)
    day = col(source, "date_on")
    more = [sa.func.bool_and(col(source, "is_carried_back")).label("is_carried_back")] if rate == TOWN_RATE else []
    return reader.run(
        sa.select(*(col(source, c) for c in by), sa.func.sum(col(source, "user_months")).label("user_months"), *more)
        .select_from(source)
        .where(
            day >= sa.bindparam(None, week.first, unique=True),
            day < sa.bindparam(None, week.end, unique=True),
            *selects.inside(reader.levels, base, _inside(viewer), Filters(), source),
        )
        .group_by(*(col(source, c) for c in by))
    )


def _people_in(
    reader: Reader, viewer: Viewer, week: Period, where: Filters, found: pd.DataFrame, least: int
) -> dict[str, int]:
    """Different customers in the small towns of each district; at least so many where two towns have the same name."""
    small = found[found["people"].between(1, least - 1) & (found["town"] != _ANY)]
    names = sorted(set(small["town"]))
    if not names:
        return {}
    if set(found.loc[found["town"].duplicated(), "town"]) & set(names):
        return {str(r): int(n) for r, n in small.groupby("region_code")["people"].max().items()}
    counted = _counts(reader, viewer, week, [["region_code"]], where.with_(town=names))
    return dict(zip(counted["region_code"], counted["people"].astype(int), strict=True))


def _blanked(parts: pd.DataFrame) -> pd.DataFrame:
    """Without numbers where there is a sign, and without the number of customers anywhere."""
    parts = parts.drop(columns="people", errors="ignore").reset_index(drop=True)
    figures = ["n", "user_months"]
    parts[figures] = parts[figures].astype(float).mask(parts["sign"] != SHOWN)
    return parts
