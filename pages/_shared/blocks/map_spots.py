"""The map's paints that rest on hotspots: excess over expectation, classes over time, and the clusters themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pages._shared import data_map, data_spots, deck, findings, numbers
from pages._shared.blocks.map_painted import Painted, squares
from pages._shared.charts.legend import Key
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from pages._shared.theme import Palette, palette
from warehouse.periods import Period
from warehouse.scope import least_of
from warehouse.spots import GONE

EDGES = (-np.inf, -3.0, -1.0, 1.0, 3.0, 6.0, np.inf)  # customers more than expected
MOST_SQUARES = 4_000  # the hottest ones; a page holds no more
STATES = ("new", "worse", "persisting", "easing", GONE)
CLASSES = ("new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical")


def excess(frame: Frame, week: Period) -> Painted:
    """Customers beyond what was to be expected, by hexagon: where is it worse than people alone explain?"""
    lang, p = frame.lang, palette(frame.mode)
    found = data_spots.excess(frame.viewer, week.first, "h3_8")
    if found.empty:
        return Painted(finding=t("map.no_excess", lang, week=findings.period_text(week, lang)))
    colours = [p.diverging[i] for i in (1, 2, 3, 4, 5, 6)]
    at = np.clip(np.searchsorted(EDGES, found["excess"], side="right") - 1, 0, len(colours) - 1)
    unknown = found["is_small"].to_numpy(bool)
    shades = [deck.rgba(c, 60 if i == 2 else 190) for i, c in enumerate(colours)]
    few = deck.rgba(p.gray.mark, 50)
    found["rgba"] = [few if is_few else shades[i] for i, is_few in zip(at, unknown, strict=True)]
    names = _names(frame, found)
    found["tip"] = [
        t(
            "map.tip_excess",
            lang,
            n=people(frame, n),
            expected=numbers.fixed(e, 1),
            region=names[r],
        )
        for n, e, r in zip(found["n_customers"], found["expected"], found["region_code"], strict=True)
    ]
    odd = found[found["p_value"] < 0.005].sort_values("excess", ascending=False)
    rows = pd.DataFrame(
        {
            "lon": odd["lon"],
            "lat": odd["lat"],
            "region": [names[r] for r in odd["region_code"]],
            **near_towns(frame, odd),
            "n": [people(frame, n) for n in odd["n_customers"]],
            "expected": [numbers.fixed(e, 1) for e in odd["expected"]],
            "excess": [numbers.signed_text(e, 1) for e in odd["excess"]],
        }
    )
    labels = ["< -3", "-3 – -1", "-1 – +1", "+1 – +3", "+3 – +6", "> +6"]
    keys = [Key(label, c) for label, c in zip(labels, colours, strict=True)]
    if unknown.any():
        keys.append(Key(t("map.few_customers", lang, least=least_of(frame.viewer)), p.gray.mark))
    finding = t(
        "map.excess_finding",
        lang,
        week=findings.period_text(week, lang),
        n=numbers.count(len(odd), lang),
        total=numbers.count(len(found), lang),
    )
    headers = {
        "region": t("map.region", lang),
        "town": t("map.near_town", lang),
        "n": t("map.customers", lang),
        "expected": t("map.expected", lang),
        "excess": t("map.excess", lang),
    }
    layer = deck.hexagons("excess", found.rename(columns={"cell": "h3"})[["h3", "rgba", "tip"]])
    return Painted(
        [layer], keys, finding, t("map.excess_note", lang), rows, {c: headers[c] for c in rows if c in headers}
    )


def classes(frame: Frame, week: Period) -> Painted:
    """Squares by how their heat went over ten bins of four weeks: new, lasting, growing, fading?"""
    lang, p = frame.lang, palette(frame.mode)
    found = data_spots.classes(frame.viewer, week.first)
    found = found[found["gi_class"].astype(str).str.startswith("hot_")].reset_index(drop=True) if len(found) else found
    if found.empty:
        return Painted(finding=t("map.no_classes", lang, week=findings.period_text(week, lang)))
    fill = _class_colours(p)
    found = found.nlargest(MOST_SQUARES, "z").reset_index(drop=True)
    found["kind"] = found["gi_class"].str.removeprefix("hot_")
    found["rgba"] = [deck.rgba(fill[k], 200) for k in found["kind"]]
    found["ring"] = squares(found, 500)
    found["tip"] = [
        f"{word('hot_class', k, lang)}\n{t('map.tip_class', lang, z=numbers.fixed(z, 1), n=people(frame, n))}"
        for k, z, n in zip(found["kind"], found["z"], found["n_tickets"], strict=True)
    ]
    counts = found["kind"].value_counts()
    keys = [Key(f"{word('hot_class', k, lang)} {int(counts[k])}", fill[k]) for k in CLASSES if counts.get(k, 0)]
    top, names = found.sort_values("z", ascending=False).head(200), _names(frame, found)
    rows = pd.DataFrame(
        {
            "lon": top["lon"],
            "lat": top["lat"],
            "region": [names[r] for r in top["region_code"]],
            **near_towns(frame, top),
            "kind": [word("hot_class", k, lang) for k in top["kind"]],
            "z": [numbers.fixed(z, 1) for z in top["z"]],
            "n": [people(frame, n) for n in top["n_tickets"]],
        }
    )
    fresh = int(counts.get("new", 0) + counts.get("intensifying", 0))
    finding = t(
        "map.classes_finding",
        lang,
        week=findings.period_text(week, lang),
        fresh=numbers.count(fresh, lang),
        total=numbers.count(len(found), lang),
    )
    headers = {
        "region": t("map.region", lang), "town": t("map.near_town", lang), "kind": t("map.class", lang),
        "z": t("map.gi_z", lang), "n": t("map.n_header", lang),
    }  # fmt: skip
    layer = deck.rings("classes", found[["ring", "rgba", "tip"]])
    return Painted(
        [layer], keys, finding, t("map.classes_note", lang), rows, {c: headers[c] for c in rows if c in headers}
    )


def spots(frame: Frame, week: Period) -> tuple[list[Any], list[Key]]:
    """The hotspots of the week as an overlay, as large as they are, coloured by state."""
    lang, p = frame.lang, palette(frame.mode)
    found = data_spots.of_week(frame.viewer, week.first, frame.filters)
    if found.empty or "lon" not in found:
        return [], []
    shown = found.assign(
        rgba=[deck.rgba(state_colour(s, p), 130) for s in found["state"]],
        size=found["radius_m"].clip(lower=150),
        tip=[f"{place(r, lang)}\n{sentence(frame, r)}" for r in found.itertuples()],
    )[["hotspot_id", "lon", "lat", "rgba", "size", "tip"]]
    counts = found["state"].value_counts()
    keys = [
        Key(f"{word('spot_state', s, lang)} {int(counts[s])}", state_colour(s, p), "circle")
        for s in STATES
        if counts.get(s, 0)
    ]
    return [deck.points("spots", shown, p, radius_px=(8, 80), stroke=p.text)], keys


def place(spot: Any, lang: Lang) -> str:
    """What people call the place, with its town."""
    name, town = _text(spot.place_name), _text(spot.town)
    return f"{name} · {town}" if name and town else name or town or str(spot.hotspot_id)


def sentence(frame: Frame, spot: Any) -> str:
    """How many customers against how many expected, its state and its cause."""
    lang = frame.lang
    expected = None if pd.isna(spot.expected) else float(spot.expected)
    return t(
        "spots.sentence" if expected is not None else "spots.sentence_new",
        lang,
        state=word("spot_state", spot.state, lang),
        n=people(frame, spot.n_customers),
        days=int(spot.window_days),
        expected=numbers.fixed(expected or 0.0, 1),
        cause=word("spot_cause", spot.cause, lang),
    )


def people(frame: Frame, n: Any) -> str:
    """A number of customers, or the sign for too few of them."""
    return f"<{least_of(frame.viewer)}" if pd.isna(n) and least_of(frame.viewer) else numbers.count(n, frame.lang)


def state_colour(state: str, p: Palette) -> str:
    return {
        "new": p.red.mark,
        "worse": p.orange.mark,
        "persisting": p.yellow.mark,
        "easing": p.green.mark,
        GONE: p.gray.mark,
    }[state]


def _names(frame: Frame, found: pd.DataFrame) -> dict[Any, str]:
    """Districts by code, asked once each: there are thousands of rows."""
    return {code: frame.name("region_code", code) for code in found["region_code"].unique()}


def near_towns(frame: Frame, found: pd.DataFrame) -> dict[str, list[str]]:
    """A column that says in words where each place (region_code, lon, lat) is: the nearest town of its district.

    Nothing where the workspace has no places of towns.
    """
    towns = data_map.town_places(frame.workspace)
    if towns.empty or found.empty:
        return {}
    apart = np.hypot(
        (found["lon"].to_numpy(float)[:, None] - towns["lon"].to_numpy()) * np.cos(np.radians(towns["lat"].mean())),
        found["lat"].to_numpy(float)[:, None] - towns["lat"].to_numpy(),
    )
    # A district without a town of its own has the nearest one of any.
    other = found["region_code"].to_numpy(object)[:, None] != towns["region_code"].to_numpy(object)
    return {"town": towns["town"].astype(str).to_numpy()[(apart + 180.0 * other).argmin(axis=1)].tolist()}


def _class_colours(p: Palette) -> dict[str, str]:
    return {
        "new": p.red.mark,
        "intensifying": p.diverging[6],
        "consecutive": p.orange.mark,
        "persistent": p.diverging[5],
        "diminishing": p.green.mark,
        "sporadic": p.diverging[4],
        "oscillating": p.yellow.mark,
        "historical": p.gray.mark,
    }


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
