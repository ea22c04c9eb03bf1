"""How much of what a map shows could be located: said beside every map, so that an empty spot is not taken for calm."""

from __future__ import annotations

import pandas as pd

from pages._shared import data, findings, numbers
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.periods import Period
from warehouse.query import SMALL_CELL


def sentence(frame: Frame, period: Period, left_out: pd.DataFrame) -> str:
    """Located, located by a point or a named place (A+B), not located; and what lies in no district of the map.

    `left_out` are rows of `data.figures(["M02"], ..., ["region_code"])` whose district the map does not draw.
    """
    said = [_located(frame, period)]
    if len(left_out):
        said.append(_left_out(frame, left_out))
    return t("chart.clause_separator", frame.lang).join(filter(None, said))


def _located(frame: Frame, period: Period) -> str:
    lang = frame.lang
    if not data.supported(["M56_LOC"]):
        return t("map.no_positions", lang)
    figures = data.figures(["M56_LOC", "M56_GEO"], frame.viewer, [period], (), frame.filters)
    row = findings.row_of(figures, "now")
    if row is None or row["is_small"] or not row["M56_LOC_den"]:
        return ""
    total, n = int(row["M56_LOC_den"]), int(row["M56_LOC_num"])
    values = {
        "n": numbers.count(n, lang),
        "total": numbers.count(total, lang),
        "missing": numbers.count(total - n, lang),
        "share": numbers.rate(row["M56_GEO"], lang),
        "least": SMALL_CELL,
    }
    few = 0 < min(n, total - n) < SMALL_CELL or 0 < min(row["M56_GEO_num"], total - row["M56_GEO_num"]) < SMALL_CELL
    if few and frame.viewer.level == "L1":
        return t("map.located_few", lang, **values)
    return t("map.located_all" if n == total else "map.located", lang, **values)


def _left_out(frame: Frame, rows: pd.DataFrame) -> str:
    """Counted row by row and not as a remainder, which would give away what small groups hide."""
    shown = f"<{SMALL_CELL}" if rows["is_small"].any() else numbers.count(int(rows["M02_num"].sum()), frame.lang)
    return t("map.left_out", frame.lang, n=shown)
