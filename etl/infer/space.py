"""A workspace drafted from one file: its settings and the dimensions that its values name.

Only for a home that has no workspace yet; an existing one is never changed.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Any

from etl.infer.headers import name_of
from etl.infer.plan import Plan
from etl.infer.profile import Column, Profile
from etl.infer.values import Mapping, is_private, vocabulary
from etl.infer.write import _line, _safe
from warehouse.workspace import DIMENSION_FILES

MOST_TYPES = 300
ENGLISH = {"SOCIAL": "Social media", "LETTER": "Letter", "UNKNOWN": "Other"}
SOCIAL = {"WECHAT", "WEIBO", "EMAIL", "BOX", "SMS", "CHAT", "LETTER", "SOCIAL"}
OUTSIDE = {"SUPERVISION": "L1", "HEIMAO": "L2", "MEDIA": "L2", "CONSUMER": "L3", "GOV12345": "L3", "MIIT": "L4"}
TEXT_TYPES = {
    "NETWORK": ("网络覆盖", "Network"), "DATA_CAP": ("流量", "Data volume"), "SPEED": ("网速", "Speed"),
    "BILLING": ("资费账单", "Billing"),
    "OUTAGE": ("中断故障", "Outage"), "SERVICE": ("服务", "Service"), "PRODUCT": ("产品终端", "Products"),
}  # fmt: skip


def workspace_files(plan: Plan, profile: Profile, name: str, stem: str, language: str, zone: str) -> dict[str, str]:
    """File name to text. Codes that only this file names are put into the plan's maps as well."""
    files: dict[str, str] = {}
    if rows := _types(plan, profile):
        files["types.csv"] = _csv("type", rows)
    if rows := _channels(plan, profile):
        files["channels.csv"] = _csv("channel", rows)
    if rows := _regions(plan, profile):
        files["regions.csv"] = _csv("region", rows)
    files["workspace.toml"] = _settings(plan, name, stem, language, zone)
    return files


def _settings(plan: Plan, name: str, stem: str, language: str, zone: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "own"
    shown = _safe(stem).replace('"', "'")
    lines = [
        _line("id", slug),
        _line("name", {"zh": shown, "en": shown}),
        _line("languages", ["zh", "en"] if language == "zh" else ["en", "zh"]),
        _line("timezone", zone),
        _line("calendar", "cn" if zone == "Asia/Shanghai" else "us" if zone.startswith("America/") else "none"),
        _line("as_of", "data"),
        _line("sources", [name]),
    ]
    if plan.places is not None and plan.places.bbox:
        lines += ["", "[place]", _line("bbox", list(plan.places.bbox))]
    return "\n".join(lines) + "\n"


def _types(plan: Plan, profile: Profile) -> list[dict[str, str]]:
    if plan.classes:
        return [_type(code, code, *TEXT_TYPES.get(code, (code, code))) for _, code in plan.classes]
    drafted = plan.columns.get("type_code") or plan.columns.get("type_l1")
    if drafted is None or not drafted.headers or drafted.headers[0] not in profile.headers:
        return []
    source = profile[drafted.headers[0]]
    above = _first_level(profile, source)
    parents = _parents(source, above) if above else {}
    codes: dict[str, str] = {}
    rows, l1_codes = [], dict[str, str]()
    for value, _ in source.counts[:MOST_TYPES]:
        if is_private(value):
            continue
        code = codes.setdefault(value, _code(value, "T", codes))
        l1 = parents.get(value, value)
        l1_code = l1_codes.setdefault(l1, code if l1 == value else _code(l1, "L", {**codes, **l1_codes}))
        rows.append(_type(code, l1_code, value, value, l1, l1))
    if drafted.column == "type_code":
        drafted.mapping, drafted.map_name = Mapping(codes, [], 1.0), "type"
        drafted.settings |= {"map": "type"}
        drafted.notes = [n for n in drafted.notes if n.code != "unmapped"]
    return rows


def _type(code: str, l1: str, zh: str, en: str, l1_zh: str = "", l1_en: str = "") -> dict[str, str]:
    return {"type_code": code, "type_l1": l1, "l1_zh": l1_zh or zh, "l1_en": l1_en or en, "l2_zh": zh, "l2_en": en}


def _first_level(profile: Profile, source: Column) -> Column | None:
    """The column of the level above: fewer values, and its header says first level."""
    words = ("一级", "大类", "level1", "l1", "maincategory", "category1")
    for column in profile.columns:
        key = name_of(column.header).key
        is_above = any(w in key for w in words) and not any(w in key for w in ("原因", "产品"))
        if column.header != source.header and is_above and 0 < column.n_distinct <= source.n_distinct:
            return column
    return None


def _parents(source: Column, above: Column) -> dict[str, str]:
    seen: dict[str, Counter[str]] = {}
    for value, parent in zip(source.rows.to_pylist(), above.rows.to_pylist(), strict=True):
        if value and parent:
            seen.setdefault(value, Counter())[parent] += 1
    return {value: parents.most_common(1)[0][0] for value, parents in seen.items()}


def _channels(plan: Plan, profile: Profile) -> list[dict[str, str]]:
    drafted = plan.columns.get("channel_code")
    if drafted is None or not drafted.headers or drafted.headers[0] not in profile.headers:
        return []
    source = profile[drafted.headers[0]]
    known = dict(drafted.mapping.codes) if drafted.mapping else {}
    if source.n_distinct > 60:
        return []
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for value, _ in source.counts:
        if is_private(value):
            continue
        code = known.get(value) or _code(value, "C", {v: c for v, c in codes.items()})
        codes[value] = code
        names.setdefault(code, value)
    drafted.mapping, drafted.map_name = Mapping(codes, [], 1.0), "channel"
    drafted.settings["map"] = "channel"
    drafted.notes = [n for n in drafted.notes if n.code != "unmapped"]
    rows = []
    for code, value in names.items():
        group = "external" if code in OUTSIDE else "social" if code in SOCIAL else "main"
        english = vocabulary()["channel_code"].get(code, [])
        en = ENGLISH.get(code) or (
            value if value.isascii() else next((w for w in english if w.isascii() and " " in w), value)
        )
        rows.append(
            {"channel_code": code, "zh": value, "en": en, "channel_group": group, "level": OUTSIDE.get(code, "L0")}
        )
    return rows


def _regions(plan: Plan, profile: Profile) -> list[dict[str, str]]:
    drafted = plan.columns.get("region_code")
    if drafted is None or not drafted.headers or drafted.headers[0] not in profile.headers:
        return []
    source = profile[drafted.headers[0]]
    if source.n_distinct > 400:
        return []
    spelt = dict(drafted.mapping.codes) if drafted.mapping else {}
    missing = set(drafted.settings.get("missing", []))
    names = dict.fromkeys(spelt.get(v, v) for v in source.values if v not in missing and not is_private(v))
    return [{"region_code": n, "zh": n, "en": n} for n in sorted(names)]


def _code(value: str, letter: str, taken: dict[str, str]) -> str:
    """A short code: the words of an English value, a number for any other."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", value).strip("_").upper()
    code = words[:24].strip("_") if value.isascii() and words else f"{letter}{len(taken) + 1:02d}"
    used, number = set(taken.values()), 2
    base = code
    while code in used:
        code, number = f"{base}_{number}", number + 1
    return code


def _csv(dimension: str, rows: list[dict[str, Any]]) -> str:
    columns = DIMENSION_FILES[dimension]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
