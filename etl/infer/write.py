"""A plan as the text of a contract: valid TOML, a short comment at each column saying why it stands there."""

from __future__ import annotations

import json
import re
from typing import Any

from etl.infer.columns import Drafted
from etl.infer.plan import Plan
from etl.infer.shape import Shape
from etl.infer.words import Note

PLAIN_FORMATS = ["iso"]
MAP_SHOWN = 400
SAYS = {
    "zh": {
        "head": "由 infer 根据 {file} 起草；标“请决定”的行需要人来定。",
        "decide": "请决定",
        "unknown": "不认识的值，补上代码后去掉行首的 #：",
        "left": "没有用到的表头：",
        "fill": "请填写",
    },
    "en": {
        "head": "Drafted by infer from {file}; a person decides the lines marked DECIDE.",
        "decide": "DECIDE",
        "unknown": "Unknown values; give them a code and take the # away:",
        "left": "Headers that are not used:",
        "fill": "to be filled in",
    },
}


def contract_text(plan: Plan, shape: Shape, name: str, file_name: str, texts: dict[str, Any], language: str) -> str:
    """The contract as TOML."""
    say = SAYS[language]
    lines = ["# " + _safe(say["head"].format(file=file_name))]
    lines += [_comment(n, language) for n in texts["head"]]
    lines += [_line("name", name), _line("table", plan.table.name), _line("label", texts["label"])]
    lines += [_line("owner", say["fill"]), _line("licence", say["fill"])]
    if plan.name.hours and plan.name.hours <= 24:
        lines.append(_line("cadence_hours", plan.name.hours))
    if plan.plmn:
        lines.append(_line("plmn", plan.plmn))
    lines += ["", "[file]", *(_comment(n, language) for n in shape.notes if n.weight != "found")]
    lines += [_line(key, value) for key, value in texts["file"].items()]
    formats, own = _time_formats(plan)
    if formats != PLAIN_FORMATS or plan.zone:
        lines += ["", "[time]"]
        lines += [_line("formats", formats)] if formats != PLAIN_FORMATS else []
        lines += [_line("zone", plan.zone)] if plan.zone else []
    if plan.places is not None:
        lines += ["", "[position]", *(_comment(n, language) for n in plan.places.notes if n.column == "lon")]
        lines += [_line("datum", plan.places.datum)]
        if len(plan.places.none_at) > 1:
            lines.append(_line("none_at", [list(p) for p in plan.places.none_at]))
    if plan.unpivot:
        lines += ["", "[unpivot]", *(_line(k, v) for k, v in plan.unpivot.items())]
    lines += ["", "[columns]"]
    for column in plan.table.columns:
        if column in plan.columns:
            lines += _column(plan.columns[column], own, language)
    lines += _maps(plan, language)
    if plan.classes:
        lines += ["", "[classes]", "type = ["]
        lines += [f"  [{_value(pattern)}, {_value(code)}]," for pattern, code in plan.classes]
        lines.append("]")
    for rule in plan.exclude:
        lines += ["", "[[exclude]]", *(_line(key, value) for key, value in rule.items())]
    if plan.left_out:
        lines += ["", "# " + say["left"]]
        lines += ["#   " + _safe(f"{header}: {why.say(language)}") for header, why in plan.left_out.items()]
    return "\n".join(lines) + "\n"


def _time_formats(plan: Plan) -> tuple[list[str], dict[str, list[str]]]:
    """The formats that most columns of time share, and those of the others."""
    given = {c: d.settings["formats"] for c, d in plan.columns.items() if d.settings.get("formats")}
    if not given:
        return PLAIN_FORMATS, {}
    votes: dict[str, int] = {}
    for formats in given.values():
        votes[json.dumps(formats)] = votes.get(json.dumps(formats), 0) + 1
    common: list[str] = json.loads(max(votes, key=lambda v: votes[v]))
    return common, {c: f for c, f in given.items() if f != common}


def _column(drafted: Drafted, own_formats: dict[str, list[str]], language: str) -> list[str]:
    settings = {k: v for k, v in drafted.settings.items() if k != "formats"}
    if drafted.column in own_formats:
        settings["formats"] = own_formats[drafted.column]
    notes = [n for n in drafted.notes if n.code != "unmapped"]
    urgent = [_comment(n, language) for n in notes if n.weight == "decide"]
    rest = [n.say(language) for n in notes if n.weight != "decide"]
    tail = "  # " + _safe("; ".join(rest)) if rest else ""
    return [*urgent, f"{drafted.column} = {_value(settings)}{tail}"]


def _maps(plan: Plan, language: str) -> list[str]:
    """Every map once; columns that share one bring their values together."""
    codes: dict[str, dict[str, str]] = {}
    unknown: dict[str, dict[str, int]] = {}
    for drafted in plan.columns.values():
        if drafted.mapping is None:
            continue
        codes.setdefault(drafted.map_name, {}).update(drafted.mapping.codes)
        unknown.setdefault(drafted.map_name, {}).update(dict(drafted.mapping.unknown))
    lines: list[str] = []
    for name, entries in codes.items():
        lines += ["", f"[maps.{name}]", *(f"{_value(v)} = {_value(c)}" for v, c in list(entries.items())[:MAP_SHOWN])]
        missed = {v: n for v, n in unknown[name].items() if v not in entries}
        if missed:
            lines.append("# " + SAYS[language]["unknown"])
            shown = sorted(missed.items(), key=lambda item: -item[1])[:60]
            lines += [f'# {_safe(_value(v[:80]))} = ""  # {n:,}' for v, n in shown]
    return lines


def _comment(note: Note, language: str) -> str:
    return "# " + _safe(note.say(language))


def _safe(text: str) -> str:
    """One printable line: a file's own words may hold line ends and control characters."""
    return "".join(c if c.isprintable() else " " for c in re.sub(r"\s+", " ", text))[:400]


def _line(key: str, value: Any) -> str:
    return f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
