"""The ratios last accepted, and which figures of a run are worse than those by more than chance explains."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.results import Figure

FILE = Path(__file__).with_name("accepted.json")
# Two runs of the same code on the same idle machine differ by up to a tenth; a quarter is a change of the code.
TOLERATED = 1.25


def key(figure: Figure, is_quick: bool) -> str:
    """Runs of two sizes are not compared."""
    return f"{figure.id} | {figure.name} | {'quick' if is_quick else 'full'}"


def read(path: Path = FILE) -> dict[str, float]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def worse(figures: Sequence[Figure], is_quick: bool, path: Path = FILE) -> list[str]:
    """Sentences, one per figure that regressed; a higher ratio is worse unless the goal is a lower bound."""
    accepted, said = read(path), []
    for figure in figures:
        before = accepted.get(key(figure, is_quick))
        if not before:
            continue
        change = figure.ratio.value / before
        if figure.goal.lstrip().startswith(("≥", ">", "more")):
            change = 1 / change if change else float("inf")
        if change > TOLERATED:
            said.append(f"{figure.id}: {figure.name} was {before:.3g} when accepted and is {figure.ratio.value:.3g}")
    return said


def accept(figures: Sequence[Figure], is_quick: bool, path: Path = FILE) -> None:
    """These ratios are what later runs are held against; figures not measured keep theirs."""
    kept = read(path) | {key(f, is_quick): round(f.ratio.value, 4) for f in figures}
    path.write_text(json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
