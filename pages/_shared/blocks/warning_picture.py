"""The picture of a warning: its signal over time, what changed since last week, and what would clear it."""

from __future__ import annotations

import string

import pandas as pd
import streamlit as st

from alerts.board import Matter, Row
from alerts.course import Course, breaking, clears_at
from alerts.rules import Rule
from alerts.state import SEVERITIES
from pages._shared import charts, data_warnings, draw, numbers, states
from pages._shared.frame import Frame
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t, word

RATES = ("rate", "pp")


def show(frame: Frame, matter: Matter) -> None:
    """The picture of the warning that speaks for the matter; of an incident that of any of its warnings."""
    row = _chosen(frame, matter)
    rule = data_warnings.rules().get(row["rule_id"])
    if rule is not None:
        _picture(frame, row, rule)


def _chosen(frame: Frame, matter: Matter) -> Row:
    """Of an incident the viewer chooses; at first the worst that still lasts."""
    if not matter.is_incident:
        return matter.lead
    rules = data_warnings.rules()
    kinds: dict[str, Row] = {}
    for row in matter.rows:
        if row["rule_id"] in rules:
            kinds.setdefault(str(row["rule_id"]), row)
    lasting = [r for r in kinds.values() if r["condition"] == "firing"]
    worst = max(lasting or kinds.values(), key=lambda r: SEVERITIES.index(r["severity"]))
    chosen = st.pills(
        t("warning.which_picture", frame.lang), list(kinds), default=worst["rule_id"], required=True,
        key=f"picture_{matter.id}", label_visibility="collapsed", format_func=lambda r: rules[r].name(frame.lang),
    )  # fmt: skip
    return kinds[str(chosen)]


def _picture(frame: Frame, row: Row, rule: Rule) -> None:
    lang = frame.lang
    found = data_warnings.course_of(row, frame.as_of)
    if found is None or found.rows["value"].notna().sum() < 2:
        states.note(t("warning.no_picture", lang))
    else:
        kind = kind_of(rule, found)
        broke = breaking(rule, found, row["first_breach_at"])
        title = title_of(rule, found, kind, row, lang)
        draw.show(
            charts.course(
                found.rows,
                lang=lang,
                mode=frame.mode,
                title=title,
                subtitle=f"{rule.name(lang)} · {unit_of(rule, found, lang)}",
                kind=kind,
                broke=broke,
                severity=row["severity"],
            ),
            alt=charts.course_alt(found.rows, lang=lang, title=title, kind=kind, broke=broke),
        )
        _since_last_week(found, kind, lang)
    st.markdown(f"**{t('warning.clears', lang)}** {clearing(rule, lang)}")


def kind_of(rule: Rule, found: Course) -> Kind:
    """How the figures of a rule are written, by the words of its own sentence."""
    if found.form == "counts":
        return "count"
    return "rate" if found.form == "drop" or is_share(rule) else "count"


def is_share(rule: Rule) -> bool:
    """Whether the rule compares a share."""
    specs = {name: spec for _, name, spec, _ in string.Formatter().parse(rule.sentence.zh) if name}
    return specs.get("value", specs.get("rate", specs.get("seen", ""))) in RATES


def unit_of(rule: Rule, found: Course, lang: Lang) -> str:
    if found.form == "counts":
        return word("warning.unit", "pieces", lang)
    if found.form == "drop":
        return word("warning.unit", "share", lang)
    return rule.unit.zh if lang == "zh" else rule.unit.en


def title_of(rule: Rule, found: Course, kind: Kind, row: Row, lang: Lang) -> str:
    """The finding of the picture: where the value is now against what it must not pass."""
    end = found.rows.dropna(subset=["value"]).iloc[-1]
    value, limit = _written(end["value"], kind, lang), _written(end["limit"], kind, lang)
    if pd.notna(end["raw"]):
        value = t("warning.bound", lang, raw=_written(end["raw"], kind, lang), value=value)
    if rule.is_list:
        return t("warning.title_list", lang, value=value)
    if row["condition"] == "cleared":
        return t("warning.title_cleared", lang, value=value, at=numbers.moment(row["cleared_at"], lang))
    is_beyond = end["value"] >= end["limit"] if _is_upward(rule, found) else end["value"] <= end["limit"]
    if is_beyond:
        return t("warning.title_beyond", lang, value=value, limit=limit)
    return t("warning.title_back", lang, value=value, limit=limit)


def _is_upward(rule: Rule, found: Course) -> bool:
    return found.form != "drop" and rule.op in (">", ">=", "==")


def _since_last_week(found: Course, kind: Kind, lang: Lang) -> None:
    """The same evaluation a week before."""
    end = found.rows.dropna(subset=["value"]).iloc[-1]
    before = found.week_ago
    told_of = "raw" if pd.notna(end["raw"]) else "value"
    if before is None or pd.isna(before[told_of]):
        said = t("warning.week_unknown", lang)
    else:
        change = float(end[told_of]) - float(before[told_of])
        told = numbers.pp(change, lang, prose=True) if kind == "rate" else _signed(change)
        said = t(
            "warning.week",
            lang,
            before=_written(before[told_of], kind, lang),
            now=_written(end[told_of], kind, lang),
            change=told,
        )
    st.markdown(f"**{t('warning.changed', lang)}** {said}")


def clearing(rule: Rule, lang: Lang) -> str:
    """What would clear it, in words."""
    if rule.is_list:
        return t("warning.clears_list", lang)
    op, limit = clears_at(rule)
    kind: Kind = "rate" if is_share(rule) else "count"
    value = _written(limit, kind, lang)
    unit = rule.unit.zh if lang == "zh" else rule.unit.en
    said = word("warning.op", _OPS[op], lang, value=value, unit=unit)
    minutes = rule.keep.total_seconds() / 60
    return said if not minutes else t("warning.and_kept", lang, said=said, time=numbers.duration(minutes, lang))


_OPS = {"<": "under", "<=": "at_most", ">": "over", ">=": "at_least", "==": "is", "!=": "is_not"}


def _written(x: object, kind: Kind, lang: Lang) -> str:
    value = numbers.number(x)
    if value is None:
        return numbers.DASH
    if kind == "rate":
        return numbers.rate(value, lang)
    return numbers.count(value, lang) if value == int(value) else numbers.fixed(value, 2 if abs(value) < 10 else 1)


def _signed(change: float) -> str:
    places = 0 if change == int(change) else 2 if abs(change) < 10 else 1
    return numbers.signed_text(change, places)
