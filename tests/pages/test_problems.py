"""The problems of the first studies (PB01 …): their views find them in the demo city, and not in its twin.

`docs/problems.md` says which view answers for which problem. Those that rules tell are proved in `tests/alerts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import t
from tests.pages.conftest import OpenView
from tests.pages.little import frames
from warehouse.measures import measures

DOCS = Path(__file__).resolve().parents[2] / "docs" / "problems.md"


@dataclass
class Said:
    """What a view says to an analyst, in English."""

    text: str
    tiles: dict[str, float]
    tables: list[Any] = field(default_factory=list)

    def tile(self, measure: str) -> float:
        return self.tiles[measures()[measure].en]

    def row(self, name: str) -> Any:
        """The row that begins with that name in the first table that has one, or None."""
        for table in self.tables:
            begins = table.iloc[:, 0].astype(str) == name if len(table.columns) else []
            if any(begins):
                return table[begins].iloc[0]
        return None

    def sign(self, measure: str) -> float:
        row = self.row(measures()[measure].en)
        return 0.0 if row is None else share(row[t("repeats.sign_now", "en")])


def share(text: str) -> float:
    return float(text.strip("%")) / 100


def minutes(text: str) -> float:
    number, unit = text.split()
    return float(number) * {"min": 1, "h": 60, "d": 1440}[unit]


def waits(row: Any) -> float:
    return minutes(row[t("handover.column_p50", "en")])


def queue_ratio(said: Said) -> float:
    found = re.search(r"queue for dispatch: (\S+ \w+) \(.*?\) against (\S+ \w+) at other times", said.text)
    assert found, said.text
    return minutes(found[1]) / minutes(found[2])


def after_solved(said: Said) -> float:
    found = re.search(r"([\d.]+%) came back after “solved”", said.text)
    assert found, said.text
    return share(found[1])


def template_shares(said: Said) -> list[float]:
    table = next(f for f in said.tables if {"uses", "share"} <= set(f))
    return [share(s) for s in table["share"]]


YEAR = {"period": "year"}
GAPS, DETOURS, STILL = ({**YEAR, "part": part} for part in ("gaps", "detours", "still"))
Found = Callable[[Said], bool]
# problem -> the view, its URL, and how one sees that it is there.
SIGNATURES: dict[str, tuple[str, dict[str, str], Found]] = {
    "PB01": ("handover", GAPS, lambda s: "needed an approval before the dispatch" in s.text),
    "PB02": ("handover", YEAR, lambda s: (r := s.row("Human resources")) is not None and waits(r) > 30 * 60),
    "PB03": ("handover", DETOURS, lambda s: s.tile("M27_THRICE") > 0.03 or s.tile("M27") > 0.02),
    "PB04": ("handover", DETOURS, lambda s: s.tile("M27_REOPEN") > 0.05),
    "PB05": ("assessment", {}, lambda s: "refunds depend on who took them in" in s.text),
    "PB06": ("satisfaction", YEAR, lambda s: "of callbacks went to a number out of use" in s.text),
    "PB07": ("repeats", YEAR, lambda s: s.sign("M32") < 0.93),
    "PB08": ("repeats", YEAR, lambda s: s.sign("M30_VAIN") > 0.01),
    "PB09": ("compliance", YEAR, lambda s: "Area network maintenance is clearly lower" in s.text),
    "PB12": ("satisfaction", {}, lambda s: "more than chance; mainly Billing centre" in s.text),
    "PB15": ("handover", DETOURS, lambda s: s.tile("M05_GAPS") > 0.02),
    "PB16": ("subtypes", {"period": "week"}, lambda s: "Moved most: Wrong billing" in s.text),
    "PB17": ("handover", GAPS, lambda s: "departments leave a gap on weekends and holidays" in s.text),
    "PB18": ("handover", STILL, lambda s: "No sign of easy ones first" not in s.text),
    "PB19": ("handover", YEAR, lambda s: "Partners: " in s.text),
    "PB20": ("repeats", YEAR, lambda s: after_solved(s) > 0.05),
    "PB21": ("cases", {}, lambda s: max(template_shares(s)) < 0.6),
    "PB22": ("cases", {}, lambda s: "After the lasting remedy weak signal nearby went from" in s.text),
    "PB23": ("handover", DETOURS, lambda s: s.tile("M25_REJECT") > 0.005 or s.tile("M33") < 0.95),
    "PB23 not asked": ("handover", DETOURS, lambda s: s.tile("M05_SAT") > 0.2),
    "PB23 back soon": ("repeats", YEAR, lambda s: s.sign("M14_7D") > 0.02),
    "PB24": ("handover", GAPS, lambda s: queue_ratio(s) > 2),
}


@cache
def kept() -> dict[tuple[Any, ...], Said]:
    """Each view is opened once for all problems that it shows."""
    return {}


def said(open_view: OpenView, home: Path, view: str, url: dict[str, str]) -> Said:
    key = (home, view, *sorted(url.items()))
    if key not in kept():
        at = open_view(home, view, "en", "analyst", **url)
        assert [e.message for e in at.exception] == []
        texts = [m.value.replace("\\", "") for m in at.markdown]
        texts += [e.proto.alt for e in at.get("vega_lite_chart")]
        tiles = {m.label: share(m.value) for m in at.metric if m.value.endswith("%")}
        kept()[key] = Said("\n".join(texts), tiles, frames(at))
    return kept()[key]


@pytest.mark.deep
@pytest.mark.parametrize("problem", SIGNATURES)
def test_a_planted_problem_is_found_and_only_where_it_is(
    open_view: OpenView, demo_home: Path, twin_home: Path, problem: str
) -> None:
    view, url, is_found = SIGNATURES[problem]
    assert is_found(said(open_view, demo_home, view, url)), "planted in the demo city"
    assert not is_found(said(open_view, twin_home, view, url)), "nothing is planted in the twin"


def test_every_problem_is_told_where_it_is_found() -> None:
    """The list names every problem once, with the tests that prove it; all files it names are there."""
    lines = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if re.match(r"\| PB\d\d ", line)]
    assert [line[2:6] for line in lines] == [f"PB{n:02}" for n in range(1, 25)]
    for line in lines:
        named = re.findall(r"`(tests/[\w/]+\.py)`", line)
        assert named or "PB14" in line, line
        assert all((DOCS.parents[1] / name).exists() for name in named), line
        if "test_problems.py" in line:
            assert any(key.startswith(line[2:6]) for key in SIGNATURES), line
    assert {key[:4] for key in SIGNATURES} == {line[2:6] for line in lines if "test_problems.py" in line}
