"""The map's rates: complaints per 10,000 users by district and by town, without what the role must not see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pages._shared import data, data_map, deck, findings, numbers
from pages._shared.blocks.map_painted import Painted
from pages._shared.blocks.map_share import share
from pages._shared.charts.legend import Key
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.theme import palette
from warehouse.analysis.intervals import poisson_interval
from warehouse.periods import Period
from warehouse.scope import least_of
from warehouse.week_map import SHOWN, Weekly, has_towns

_TIMES = (0.5, 0.75, 1.0, 1.25, 1.5)  # edges of the colours, in multiples of what is usual in the city
_SURE = 0.99
_SIGN = {"small": "<{least}", "too": "··"}


def rate(frame: Frame, week: Period) -> Painted:
    """Complaints per 10,000 users by district: who complains more than their number explains?"""
    lang, space, p = frame.lang, frame.workspace, palette(frame.mode)
    if space.boundaries is None:
        return Painted(finding=t("state.no_map", lang))
    if not data.supported(["M02"]):
        return share(frame, week)
    told = data_map.districts(frame.viewer, week, frame.filters)
    by = _merged(told.parts, space.settings.place.merge_regions)
    edges, colours, keys = _scale(frame)
    features, rows = [], []
    for feature in space.boundaries["features"]:
        code = str(feature["properties"]["region_code"])
        row = by.loc[code] if code in by.index else None
        sign = row["sign"] if row is not None else SHOWN
        value = numbers.number(row["rate"]) if row is not None and sign == SHOWN else None
        name = frame.name("region_code", code)
        shown = _sign(frame, sign) or numbers.per_10k(value)
        counted = 0 if row is None else row["n"]
        n = _sign(frame, sign) or numbers.count(counted, lang, "tickets")
        plain_n = _sign(frame, sign) or numbers.count(counted, lang)
        fill = p.gray.tint if value is None else colours[int(np.searchsorted(edges, value, side="right"))]
        tip = f"{name}\n{t('map.tip_rate', lang, value=shown, n=n)}"
        properties = {"region_code": code, "fill": fill, "tip": tip}
        features.append({"type": "Feature", "geometry": feature["geometry"], "properties": properties})
        rows.append({"key": code, "name": name, "value": shown, "n": plain_n, "sort": -1.0 if value is None else value})
    table = pd.DataFrame(rows).sort_values("sort", ascending=False, ignore_index=True)
    if (table["sort"] < 0).any():
        keys.append(Key(t("map.no_value", lang, least=least_of(frame.viewer)), p.gray.tint))
    when = findings.period_text(week, lang)
    finding = t("map.nothing_in_week", lang, week=when)
    if (table["sort"] >= 0).any():
        top = {"week": when, "region": table["name"].iloc[0], "value": table["value"].iloc[0]}
        whole = _rate_of(told)
        said = "map.rate_finding" if whole is not None else "map.rate_finding_alone"
        finding = t(said, lang, **top, **({"whole": numbers.per_10k(whole)} if whole is not None else {}))
    note = t("map.rate_note", lang) + _hidden_note(frame, told)
    headers = {"name": t("map.region", lang), "value": t("map.rate_header", lang), "n": t("map.n_header", lang)}
    layers = deck.areas("district", features, p, alpha=190)
    return Painted(layers, keys, finding, note, table, headers, {"value": t("map.rate_help", lang)})


def towns(frame: Frame, week: Period) -> Painted:
    """The same by street or town, small ones folded into the rest of their district: where within the district?"""
    lang, p = frame.lang, palette(frame.mode)
    if not has_towns(frame.viewer, frame.filters):
        instead = rate(frame, week)
        instead.note = f"{t('map.towns_all_only', lang)} {instead.note}"
        return instead
    told = data_map.towns(frame.viewer, week, frame.filters)
    places = data_map.town_places(frame.workspace)
    found = told.parts.merge(places, on=["region_code", "town"], how="inner")
    if found.empty:
        return Painted(finding=t("map.no_towns", lang))
    if found["user_months"].isna().all():
        return Painted(finding=t("map.no_town_users", lang))
    found["rate"] = 1e4 * found["n"] / found["user_months"]
    rest = told.rest.set_index("region_code")
    rest["rate"] = 1e4 * rest["n"] / rest["user_months"]
    edges, colours, keys = _scale(frame)
    names = {code: frame.name("region_code", code) for code in found["region_code"].unique()}
    drawn, rows = [], []
    for one in found.itertuples():
        together = rest.loc[one.region_code] if one.sign != SHOWN and one.region_code in rest.index else None
        value = numbers.number(one.rate if one.sign == SHOWN else None if together is None else together["rate"])
        region = names[one.region_code]
        fill = p.gray.tint if value is None else colours[int(np.searchsorted(edges, value, side="right"))]
        drawn.append(
            {
                "lon": float(one.lon), "lat": float(one.lat), "size": float(one.metres),
                "rgba": deck.rgba(fill, 225 if one.sign == SHOWN else 110),
                "tip": f"{one.town} · {region}\n{_tip(frame, one, together)}", "region_code": str(one.region_code),
            }
        )  # fmt: skip
        if one.sign == SHOWN:
            n = numbers.count(one.n, lang)
            rows.append((f"{one.town} · {region}", numbers.per_10k(value), n, value, one.lon, one.lat))
    shown = pd.DataFrame(rows, columns=["name", "value", "n", "sort", "lon", "lat"])
    table = pd.concat([shown.sort_values("sort", ascending=False), _rest_rows(frame, rest, found)], ignore_index=True)
    if found["rate"].isna().any():
        keys.append(Key(t("map.no_value", lang, least=least_of(frame.viewer)), p.gray.tint))
    headers = {"name": t("map.town", lang), "value": t("map.rate_header", lang), "n": t("map.n_header", lang)}
    circles = deck.points("town", pd.DataFrame(drawn), p, radius_px=(5, 40), stroke=p.muted)
    finding = _towns_finding(frame, week, told, found)
    note = _towns_note(frame, told, found)
    return Painted([circles], keys, finding, note, table, headers, {"value": t("map.rate_help", lang)})


def _towns_finding(frame: Frame, week: Period, told: Weekly, found: pd.DataFrame) -> str:
    """Towns surely above the city: the rate of a small place jumps about, so the highest one alone says little."""
    lang, whole = frame.lang, _rate_of(told)
    shown = found[(found["sign"] == SHOWN) & found["rate"].notna()]
    when = findings.period_text(week, lang)
    if shown.empty or whole is None:
        return t("map.nothing_in_week", lang, week=when)
    low, _ = poisson_interval(shown["n"].to_numpy(), _SURE)
    above = shown[1e4 * np.asarray(low) / shown["user_months"].to_numpy() > whole]
    city = {"week": when, "whole": numbers.per_10k(whole)}
    if above.empty:
        return t("map.towns_none", lang, **city)
    top = above.sort_values("rate").iloc[-1]
    value = numbers.per_10k(float(top["rate"]))
    return t("map.towns_finding", lang, n=len(above), town=str(top["town"]), value=value, **city)


def _towns_note(frame: Frame, told: Weekly, found: pd.DataFrame) -> str:
    lang = frame.lang
    said = [t("map.towns_note_back" if told.is_carried_back else "map.towns_note", lang)]
    missing = int(found["user_months"].isna().sum() - (found["sign"] != SHOWN).sum())
    if missing > 0:
        said.append(t("map.towns_without_users", lang, n=missing))
    if (found["sign"] != SHOWN).any():
        said.append(t("map.towns_folded", lang, least=least_of(frame.viewer)))
    return " ".join(said)


def _rest_rows(frame: Frame, rest: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """What folded towns of a district come to together, at the middle of them."""
    rows = []
    for code, row in rest.iterrows():
        of = found[(found["region_code"] == code) & (found["sign"] != SHOWN)]
        name = t("map.towns_rest", frame.lang, n=int(row["n_towns"]), region=frame.name("region_code", code))
        value = numbers.per_10k(numbers.number(row["rate"]))
        rows.append((name, value, numbers.count(row["n"], frame.lang), of["lon"].mean(), of["lat"].mean()))
    return pd.DataFrame(rows, columns=["name", "value", "n", "lon", "lat"])


def _tip(frame: Frame, one: Any, together: Any) -> str:
    lang = frame.lang
    if one.sign == SHOWN and pd.isna(one.rate):
        return t("map.tip_no_users", lang)
    if one.sign == SHOWN:
        n = numbers.count(one.n, lang, "tickets")
        return t("map.tip_rate", lang, value=numbers.per_10k(float(one.rate)), n=n)
    said = _sign(frame, one.sign)
    if together is None:
        return said
    value, n = numbers.per_10k(numbers.number(together["rate"])), numbers.count(together["n"], lang, "tickets")
    return f"{said}\n{t('map.tip_rest', lang, towns=int(together['n_towns']), value=value, n=n)}"


def _merged(parts: pd.DataFrame, inside: dict[str, str]) -> pd.DataFrame:
    """Districts as they are drawn; one that holds a hidden one is hidden."""
    parts = parts.assign(region_code=parts["region_code"].replace(inside))
    by = parts.groupby("region_code").agg(
        n=("n", "sum"), user_months=("user_months", lambda u: u.sum(min_count=1)), sign=("sign", "max")
    )
    by["rate"] = 1e4 * by["n"] / by["user_months"].where(by["user_months"] > 0)
    return by


def _rate_of(told: Weekly) -> float | None:
    return None if told.n is None or not told.user_months else 1e4 * told.n / told.user_months


def _scale(frame: Frame) -> tuple[Sequence[float], Sequence[str], list[Key]]:
    """Edges, colours and keys around the usual rate: the same in every week, so that weeks can be compared."""
    p = palette(frame.mode)
    usual = data_map.usual(frame.viewer, frame.filters)
    edges = [float(f"{usual * k:.2g}") for k in _TIMES]
    texts = [f"{e:g}" for e in edges]
    unit = t("map.rate_unit", frame.lang)
    labels = [f"< {texts[0]} {unit}", *(f"{a}–{b}" for a, b in zip(texts, texts[1:], strict=False)), f"≥ {texts[-1]}"]
    return edges, p.sequential, [Key(label, c) for label, c in zip(labels, p.sequential, strict=True)]


def _sign(frame: Frame, sign: str) -> str:
    return _SIGN[sign].format(least=least_of(frame.viewer)) if sign in _SIGN else ""


def _hidden_note(frame: Frame, told: Weekly) -> str:
    signs, least = set(told.parts["sign"]), least_of(frame.viewer)
    if "too" in signs:
        return " " + t("state.protected", frame.lang, least=least)
    return " " + t("state.suppressed", frame.lang, least=least) if "small" in signs else ""
