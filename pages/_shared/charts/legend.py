"""A legend of its own, for pictures that bring none: a mark and its words, a few to a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from pages._shared.charts.base import AnyChart, chart_config, ems_of
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang
from pages._shared.theme import Mode, palette

Shape = Literal["square", "circle", "diamond", "triangle-up", "cross"]
_LINE = 20  # px
_MARK, _EM, _PHONE = 18, 11.5, 350  # px: the mark and its gap, a full-width character, the narrowest screen


@dataclass(frozen=True)
class Key:
    """What one mark means."""

    label: str
    colour: str
    shape: Shape = "square"


@remembered
def legend(keys: Sequence[Key], *, lang: Lang, mode: Mode, columns: int = 4) -> AnyChart:
    """The keys in lines of `columns`, from left to right; words too long for one on a phone take several."""
    p = palette(mode)
    places = _places([k.label for k in keys], columns)
    rows = [
        {"label": k.label, "fill": k.colour, "shape": k.shape, "x": at, "y": line}
        for k, (at, line) in zip(keys, places, strict=True)
    ]
    lines = 1 + max((line for _, line in places), default=0)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, columns], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[lines - 0.5, -0.5], nice=False), axis=None)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    marks = base.mark_point(filled=True, size=130, opacity=1, stroke=p.muted, strokeWidth=0.6, xOffset=8).encode(
        fill=alt.Color("fill:N", scale=None), shape=alt.Shape("shape:N", scale=None)
    )
    words = base.mark_text(align="left", dx=20, fontSize=12, limit=400).encode(text="label:N")
    done = alt.layer(marks, words).properties(
        height=lines * _LINE, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    return done.configure(**chart_config(lang, mode)).configure_view(strokeWidth=0)


def _places(labels: Sequence[str], columns: int) -> list[tuple[int, int]]:
    """Column and line of each label. How wide the screen is, nobody here knows: on a phone nothing may overlap."""
    found: list[tuple[int, int]] = []
    x = y = 0
    for label in labels:
        size = min(columns, max(1, math.ceil((_MARK + ems_of(label) * _EM) * columns / _PHONE)))
        if x + size > columns:
            x, y = 0, y + 1
        found.append((x, y))
        x += size
    return found
