"""The map of a source that counts no users: each district against its own share of all complaints before."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from pages._shared import data, data_map, deck, findings, hidden, numbers
from pages._shared.blocks.map_painted import Painted
from pages._shared.charts.legend import Key
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.theme import palette
from warehouse.analysis.intervals import poisson_interval
from warehouse.periods import Period
from warehouse.week_map import SHOWN

WEEKS = 26  # of which the usual share is taken
LEAST = 5.0  # complaints expected; a ratio of fewer is chance
_EDGES = (0.5, 0.75, 0.9, 1.1, 1.5, 2.0)
_SURE = 0.99


def share(frame: Frame, week: Period) -> Painted:
    """Complaints of the week by district, as a multiple of what its share of the weeks before leads one to expect.

    Counts would only show where people live; a district's own share holds its people, and needs nobody to count them.
    """
    lang, p, space = frame.lang, palette(frame.mode), frame.workspace
    assert space.boundaries is not None
    told = data_map.districts(frame.viewer, week, frame.filters)
    when = findings.period_text(week, lang)
    before = usual_shares(frame, week)
    if told.n is None or before.empty:
        return Painted(finding=t("map.share_nothing", lang, week=when))
    by = told.parts.set_index("region_code")
    labels = [f"< {_EDGES[0]:g}", *(f"{a:g}–{b:g}" for a, b in zip(_EDGES, _EDGES[1:], strict=False))]
    keys = [Key(label, c) for label, c in zip([*labels, f"≥ {_EDGES[-1]:g}"], p.diverging, strict=True)]
    features, rows = [], []
    for feature in space.boundaries["features"]:
        code = str(feature["properties"]["region_code"])
        sign = by.loc[code, "sign"] if code in by.index else SHOWN
        expected = told.n * float(before[code]) if code in before.index else None
        n = (float(by.loc[code, "n"]) if code in by.index else 0.0) if sign == SHOWN else None
        ratio = n / expected if n is not None and expected is not None and expected >= LEAST else None
        name = frame.name("region_code", code)
        fill = p.gray.tint if ratio is None else p.diverging[int(np.searchsorted(_EDGES, ratio, side="right"))]
        row = {
            "key": code,
            "name": name,
            "value": t("map.share_few", lang) if ratio is None else t("map.share_times", lang, ratio=f"{ratio:.2f}"),
            "n": "··" if n is None else numbers.count(n, lang),
            "expected": numbers.DASH if expected is None else numbers.fixed(expected, 1),
            "sort": -1.0 if ratio is None else ratio,
            "sure": ratio is not None and float(poisson_interval(n or 0.0, _SURE)[0]) > (expected or 0.0),
        }
        tip = t("map.share_tip", lang, value=row["value"], n=row["n"], expected=row["expected"])
        properties = {"region_code": code, "fill": fill, "tip": f"{name}\n{tip}"}
        features.append({"type": "Feature", "geometry": feature["geometry"], "properties": properties})
        rows.append(row)
    table = pd.DataFrame(rows).sort_values("sort", ascending=False, ignore_index=True)
    if (table["sort"] < 0).any():
        keys.append(Key(t("map.share_few", lang), p.gray.tint))
    headers = {
        "name": t("map.region", lang),
        "value": t("map.share_header", lang),
        "n": t("map.n_header", lang),
        "expected": t("map.share_expected", lang),
    }
    note = t("map.share_note", lang, weeks=WEEKS)
    layers = deck.areas("district", features, p, alpha=190, stroke=p.muted)
    return Painted(layers, keys, _finding(frame, when, table), note, table, headers)


def usual_shares(frame: Frame, week: Period) -> pd.Series[float]:
    """region_code -> its share of all complaints in up to `WEEKS` weeks before; hidden districts are left out."""
    earlier = [w for w in data_map.span(frame.reader) if week.first - timedelta(7 * WEEKS) <= w.first < week.first]
    if not earlier:
        return pd.Series(dtype=float)
    period = Period("usual", earlier[0].first, week.first, week.cutoff)
    asked = data.figures(["M01"], frame.viewer, [period], ["region_code"], frame.filters.without("region_code"))
    whole = data.figures(["M01"], frame.viewer, [period], (), frame.filters.without("region_code"))["M01_num"].sum()
    shown = hidden.visible(frame, asked.dropna(subset=["region_code"]), "M01_num").set_index("region_code")["M01_num"]
    return shown.astype(float) / float(whole) if whole else pd.Series(dtype=float)


def _finding(frame: Frame, when: str, table: pd.DataFrame) -> str:
    """The districts surely above their share: with few complaints the highest ratio alone says little."""
    lang = frame.lang
    if (table["sort"] < 0).all():
        return t("map.share_nothing", lang, week=when)
    sure = table[table["sure"]]
    if sure.empty:
        return t("map.share_none", lang, week=when)
    top = sure.iloc[0]
    return t("map.share_finding", lang, week=when, region=top["name"], value=top["value"], n=top["n"])
