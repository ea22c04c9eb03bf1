"""What the pages say of warnings: sentence, place, age, the time left to acknowledge. Nothing is read or drawn here."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import streamlit as st

from alerts.board import Matter, Row
from alerts.incidents import SPOT
from alerts.rules import Rule
from alerts.sentence import Names, scope_name, sentence
from pages._shared import numbers
from pages._shared.text import Lang, plain, t, word
from pages._shared.theme import SEVERITY
from warehouse.viewer import ROLES


def evidence(row: Row) -> dict[str, Any]:
    """What the signal said when the warning fired or last got worse."""
    found: dict[str, Any] = json.loads(row["evidence_json"] or "{}")
    return found


def said(row: Row, rules: dict[str, Rule], names: Names, lang: Lang) -> str:
    """The sentence of one warning. One from another register, or of a rule that is gone, says its rule and place."""
    rule, seen = rules.get(row["rule_id"]), evidence(row)
    if rule is None:
        return t("warning.of_gone_rule", lang, rule=row["rule_id"], scope=row["scope_id"])
    if "value" not in seen:
        where = scope_name(row["scope_kind"], row["scope_id"], names, lang)
        return t("warning.named", lang, rule=rule.name(lang), scope=where)
    if row["rule_id"] == SPOT and row["value"]:
        seen["n"] = row["value"]  # as many as complain by now
    return sentence(rule, row["scope_id"], seen, names, lang)


def headline(matter: Matter, rules: dict[str, Rule], names: Names, lang: Lang) -> str:
    """The sentence of a matter; of an incident what happened where, and how many customers complain of it."""
    rule = rules.get(matter.lead["rule_id"])
    if not matter.is_incident or rule is None:
        return said(matter.lead, rules, names, lang)
    area = evidence(matter.lead).get("area_id")
    where = names("area", area, lang) if area else scope_name(rule.scope, matter.lead["scope_id"], names, lang)
    customers = max((int(r["value"] or 0) for r in matter.rows if r["rule_id"] == SPOT), default=0)
    if customers:
        return t("warning.incident_customers", lang, where=where, rule=rule.name(lang), n=customers)
    return t("warning.incident", lang, where=where, rule=rule.name(lang))


def others(matter: Matter, rules: dict[str, Rule], lang: Lang) -> str:
    """The kinds of the other warnings of an incident, by name; empty for a warning alone."""
    kinds: dict[str, int] = {}
    for row in matter.rows[1:]:
        if row["rule_id"] == matter.lead["rule_id"]:
            continue
        rule = rules.get(row["rule_id"])
        name = rule.name(lang) if rule else str(row["rule_id"])
        kinds[name] = kinds.get(name, 0) + 1
    return t("chart.list_separator", lang).join(n if k == 1 else f"{n}×{k}" for n, k in kinds.items())


def mark(severity: str, lang: Lang) -> str:
    """◆ 红 as a coloured badge inside Markdown."""
    sign = SEVERITY[severity]
    return f":{sign.colour}-badge[{sign.glyph} {word('severity', severity, lang)}]"


def age(matter: Matter, now: datetime, lang: Lang) -> str:
    """How long ago it began."""
    began = min(r["first_breach_at"] for r in matter.rows)
    return t("warning.age", lang, time=numbers.duration((now - began).total_seconds() / 60, lang))


def left(matter: Matter, now: datetime, lang: Lang) -> str:
    """The time left to acknowledge, as Markdown: over time in red; empty where nothing is to be acknowledged."""
    if matter.state not in ("new", "returned"):
        return ""
    if matter.seen_by is None:
        return f":gray[{t('warning.at_review', lang)}]"
    minutes = (matter.seen_by - now).total_seconds() / 60
    time = numbers.duration(abs(minutes), lang)
    if minutes < 0:
        return f":red[{t('warning.over_by', lang, time=time)}]"
    return f":orange[{t('warning.left_of', lang, time=time)}]"


def state(matter: Matter, lang: Lang) -> str:
    return word("warning.state", matter.state, lang)


def person(name: str, lang: Lang) -> str:
    """Who did it: the engine, a role of the demo, or a name."""
    if name == "engine":
        return t("warning.engine", lang)
    return word("role", name, lang) if name in ROLES else plain(name)


def owner(frame_name: Any, row: Row) -> str:
    """The department that has it, and the person where there is one."""
    dept = frame_name("owner_dept", row["owner_dept"])
    return f"{dept} · {row['owner_person']}" if row["owner_person"] else str(dept)


def path() -> str:
    """Where the pages stand below the server's own address: empty, or as `server.baseUrlPath` says."""
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}" if prefix else ""
