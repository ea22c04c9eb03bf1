"""The sparkline of a tile: a picture of a few hundred bytes that the browser redraws only where it changed."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from pages._shared import numbers
from pages._shared.theme import Palette

POINTS = 13
WIDTH, HEIGHT, ROOM = 240, 36, 4  # units of the picture; `ROOM` keeps the line's width inside


def sparkline(values: Sequence[float | None], p: Palette) -> str:
    """The last 13 of `values` as a data address (`data:image/svg+xml;…`), or "" without one; a gap stays a gap.

    The line fills whatever box it is put into; the newest value has a dot.
    """
    shown = [numbers.number(value) for value in list(values)[-POINTS:]]
    known = [value for value in shown if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    across = (WIDTH - 2 * ROOM) / max(len(shown) - 1, 1)
    down = (HEIGHT - 2 * ROOM) / (high - low) if high > low else 0.0
    line, is_on = [], False
    for number, value in enumerate(shown):
        if value is not None:
            y = HEIGHT - ROOM - (value - low) * down if down else HEIGHT / 2
            line.append(f"{'L' if is_on else 'M'}{ROOM + number * across:.1f} {y:.1f}")
            at = f"M{ROOM + number * across:.1f} {y:.1f}h0"
        is_on = value is not None
    # A dot is a line without length: a circle would be pulled flat with the box.
    drawn = "".join(
        f'<path d="{path}" stroke-width="{width}" vector-effect="non-scaling-stroke"/>'
        for path, width in (("".join(line), 2), (at, 6))
    )
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" fill="none"'
        f' stroke="{p.accent}" stroke-linecap="round" stroke-linejoin="round">{drawn}</svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode("ascii")
