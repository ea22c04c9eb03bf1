"""Precision and recall of the scrubber on labelled sentences.

`python -m tests.etl.privacy.measure` prints the tables and what is not as labelled.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from etl.privacy import scrub
from tests.etl.privacy.made import KEPT, KINDS

SETS = ("phones_zh", "documents_zh", "names_zh", "doors_zh", "keep_zh", "english")
HELD_OUT = "held_out"
BARE, LAST = "held_out_bare", "held_out_last"

ROUNDS = 5
_HOLE = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"\[([^\[\]0-9]{2,4}|IP地址)\]")


@dataclass(frozen=True)
class Case:
    """One sentence as a person might type it, what must come back, and the identifiers with their tokens."""

    template: str
    text: str
    expected: str
    hidden: list[tuple[str, str]]


@dataclass
class Figures:
    """Counts per token. `spoilt` are (text, result, expected) where an identifier stayed or something else changed."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    spurious: Counter[str] = field(default_factory=Counter)
    spoilt: list[tuple[str, str, str]] = field(default_factory=list)
    n: int = 0

    def recall(self, token: str) -> float:
        return self.found[token] / max(1, self.found[token] + self.missed[token])

    def precision(self, token: str) -> float:
        return self.found[token] / max(1, self.found[token] + self.spurious[token])

    def table(self) -> str:
        rows = ["| token | identifiers | recall | precision |", "|---|---:|---:|---:|"]
        for token in sorted({**self.found, **self.missed, **self.spurious}):
            n = self.found[token] + self.missed[token]
            rows.append(f"| [{token}] | {n:,} | {self.recall(token):.4f} | {self.precision(token):.4f} |")
        exact = self.n - len(self.spoilt)
        return "\n".join([*rows, "", f"{exact:,} of {self.n:,} sentences exactly as labelled"])


def sentences(name: str) -> list[str]:
    path = Path(__file__).with_name(f"{name}.toml")
    return list(tomllib.loads(path.read_text(encoding="utf-8"))["sentences"])


def cases(name: str, rounds: int = ROUNDS, seed: int = 20250331) -> list[Case]:
    """Every sentence of a set, filled `rounds` times."""
    rng = random.Random(f"{seed}/{name}")
    return [fill(template, rng) for _ in range(rounds) for template in sentences(name)]


def fill(template: str, rng: random.Random) -> Case:
    hidden: list[tuple[str, str]] = []
    text, expected, at = "", "", 0
    for hole in _HOLE.finditer(template):
        kind, before = hole[1], template[at : hole.start()]
        made = KEPT[kind](rng) if kind in KEPT else KINDS[kind][1](rng)
        shown = made if kind in KEPT else f"[{KINDS[kind][0]}]"
        if kind not in KEPT:
            hidden.append((KINDS[kind][0], made))
        text, expected, at = text + before + made, expected + before + shown, hole.end()
    return Case(template, text + template[at:], expected + template[at:], hidden)


def judge(found: list[Case]) -> Figures:
    """Scrub the sentences. An identifier is found when its token stands as often as expected and its text is gone."""
    figures = Figures(n=len(found))
    for case, result in zip(found, scrub([c.text for c in found]).to_pylist(), strict=True):
        wanted = Counter(token for token, _ in case.hidden)
        got = Counter(_TOKEN.findall(result)) - Counter(_TOKEN.findall(case.template))
        is_exact = _bare(result) == _bare(case.expected)
        stayed = Counter(token for token, made in case.hidden if len(made) > 1 and made in result)
        for token in wanted | got:
            missed = 0 if is_exact else max(wanted[token] - got[token], stayed[token])
            figures.missed[token] += missed
            figures.found[token] += wanted[token] - missed
            figures.spurious[token] += max(0, got[token] - wanted[token])
        if not is_exact:
            figures.spoilt.append((case.text, result, case.expected))
    return figures


def _bare(text: str) -> str:
    """Neighbouring doors may come back as one, and a label's sign may go with its value."""
    return re.sub(r"(\[门牌号\])+", "[门牌号]", re.sub(r"[:：\s]", "", text))


def widened() -> Figures:
    """The sentences with bare names, filled with rarer names."""
    rng = random.Random("wide")
    templates = [t.replace("{name}", "{name_wide}") for t in sentences(BARE)]
    return judge([fill(t, rng) for _ in range(ROUNDS) for t in templates])


def everything(*names: str) -> Figures:
    """Figures over whole sets."""
    return judge([case for name in names for case in cases(name)])


if __name__ == "__main__":
    for names in (SETS, (HELD_OUT,), (BARE,), (LAST,)):
        result = everything(*names)
        print(result.table() + "\n")
        for text, came, expected in result.spoilt:
            print(f"{text!r}\n   {came!r}\n   {expected!r}")
