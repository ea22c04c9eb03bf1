"""Files of ratios or single figures, one column each: they become one row per figure, for show and warnings only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from etl.infer.columns import Drafted
from etl.infer.headers import name_of
from etl.infer.profile import Profile
from etl.infer.types import Reading
from etl.infer.values import Mapping
from etl.infer.words import Note, note

if TYPE_CHECKING:
    from etl.infer.match import Match

SIGNED = 0.5
NAMES = {True: ("指标", "指标值"), False: ("kpi_name", "kpi_value")}
_RATIO_WORDS = re.compile(
    r"率|占比|比例|%|ratio|rate|taux|quote|tasa|taxa|percent|pct|availability|accessibility|retainability|util|kpi",
    re.IGNORECASE,
)
_NOT_FIGURES = re.compile(
    r"\bid\b|编号|标识|经度|纬度|lon|lat|pci|tac|enodeb|gnodeb|频点|earfcn|port|lac|序号|周期|granularity",
    re.IGNORECASE,
)
_CODES = (
    (
        "RADIO_ACCESS",
        ("无线接通率", "接通率", "radio access success", "accessibility", "call setup success rate", "cssr"),
    ),
    ("RADIO_DROP", ("无线掉线率", "掉线率", "掉话率", "drop rate", "call drop rate", "retainability", "dcr")),
    (
        "HANDOVER",
        ("切换成功率", "系统内切换出成功率", "切换出成功率", "handover success rate", "ho success rate", "hosr"),
    ),
    ("PRB_UTIL_DL", ("下行PRB平均占用率", "下行PRB利用率", "dl prb utilisation", "dl prb utilization")),
    ("PRB_UTIL_UL", ("上行PRB平均占用率", "上行PRB利用率", "ul prb utilisation", "ul prb utilization")),
    ("CQI_GOOD", ("CQI优良比", "CQI优良率", "cqi good ratio")),
    ("AVAILABILITY", ("小区可用率", "availability", "cell availability")),
    ("RRC_SUCCESS", ("RRC建立成功率", "RRC连接建立成功率", "rrc setup success rate")),
    ("ERAB_SUCCESS", ("E-RAB建立成功率", "erab setup success rate")),
)


@dataclass
class Rows:
    """The headers that become rows; `bonus` is what they speak for a table of single figures."""

    headers: list[str] = field(default_factory=list)
    columns: dict[str, Drafted] = field(default_factory=dict)
    settings: dict[str, Any] | None = None
    notes: list[Note] = field(default_factory=list)
    bonus: float = 0.0


def figures_to_rows(
    match: Match | None, profile: Profile, readings: dict[str, Reading], taken: set[str] | None = None
) -> Rows:
    """All columns of figures that are neither object nor time. `match` gives the headers that are already used."""
    if taken is None:
        taken = (
            {h.header for c, h in match.hits.items() if c in ("scope_id", "period_start", "period_minutes")}
            if match
            else set()
        )
        if match and {"kpi_code", "value"} <= set(match.hits) and match.hits["kpi_code"].name > 0.9:
            return Rows()
    figures = [h for h in profile.headers if h not in taken and _is_figure(h, readings[h])]
    if not figures:
        return Rows()
    ratios = [h for h in figures if _RATIO_WORDS.search(h) or readings[h].percent_share > 0]
    rows = Rows(figures)
    rows.bonus = min(2.2, 0.55 * len(ratios)) + (0.6 if len(figures) == 1 and len(profile.headers) <= 3 else 0.0)
    percent = [
        h
        for h in figures
        if "%" in (name_of(profile[h].named).unit, name_of(h).inside) or readings[h].percent_share > 0.5
    ]
    plain = [h for h in figures if h not in percent]
    signed = [h for h in percent if readings[h].percent_share > SIGNED]
    chosen, unit = (percent, "percent") if len(percent) >= len(plain) else (plain, None)
    if signed:
        chosen, unit = percent, "percent"  # ratios are what this table is for; one file has one unit
    rows.headers = chosen
    if other := [h for h in figures if h not in chosen]:
        rows.notes.append(note("units_differ", "assumed", column="value", names=", ".join(other)))
    codes = {h: code_of_figure(h) for h in chosen}
    name, value = NAMES[any("\u4e00" <= c <= "\u9fff" for c in "".join(profile.headers))]
    rows.settings = {"headers": chosen, "name": name, "value": value}
    rows.columns["kpi_code"] = Drafted(
        "kpi_code", {"from": name, "map": "kpi", "unmapped": "reject"}, Mapping(codes, [], 1.0), "kpi"
    )
    settings: dict[str, Any] = {"from": value}
    if unit:
        settings["unit"] = unit
    missing = list(dict.fromkeys(s for h in chosen for s in readings[h].sentinels))
    if missing:
        settings["missing"] = missing
    rows.columns["value"] = Drafted("value", settings)
    if unit == "percent":
        rows.columns["unit"] = Drafted("unit", {"const": "ratio"})
    rows.notes.append(note("unpivot", column="value", n=len(chosen)))
    return rows


def _is_figure(header: str, reading: Reading) -> bool:
    return reading.kind == "number" and _NOT_FIGURES.search(header) is None


def code_of_figure(header: str) -> str:
    """A known figure's code, else the header in capitals."""
    name = name_of(header)
    for code, words in _CODES:
        if any(name_of(w).key == name.key for w in words):
            return code
    for code, words in _CODES:
        if any(len(name_of(w).key) >= 4 and name_of(w).key in name.key for w in words[:1]):
            return code
    return "_".join(name.tokens).upper() or header
