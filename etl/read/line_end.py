"""What some systems put at the end of every line: one delimiter too many, or another character that means nothing."""

from __future__ import annotations

from dataclasses import dataclass

STRAYS = ";,|\t"
MOST_LOOKED_AT = 50


@dataclass(frozen=True)
class LineEnd:
    """`n_more` cells stand behind the header's, all empty; `stray` ends the last cell of every line."""

    n_more: int = 0
    stray: str = ""


def without_stray(line: str, delimiter: str) -> str:
    """The line as its cells are read when the header is looked for."""
    bare = line.rstrip()
    return bare[:-1] if bare and bare[-1] in STRAYS and bare[-1] != delimiter else line


def line_end(header: str, lines: list[str], delimiter: str, n_headers: int, n_cells: list[int]) -> LineEnd:
    """Judge by the header and the lines that follow it; `n_cells` says how many cells each of these has.

    Only what holds for every line looked at is believed: a single longer line is a fault of that line.
    """
    kept = [(line, n) for line, n in zip(lines, n_cells, strict=True) if line.strip()][:MOST_LOOKED_AT]
    if not kept:
        return LineEnd()
    ends = {line.rstrip()[-1:] for line, _ in kept}
    if not header.rstrip().endswith(delimiter) and ends == {delimiter} and all(n == n_headers + 1 for _, n in kept):
        return LineEnd(n_more=1)
    stray = header.rstrip()[-1:]
    if stray and stray in STRAYS and stray != delimiter and ends == {stray}:
        return LineEnd(stray=stray)
    return LineEnd()
