"""What happened to a warning and what people did about it, newest first."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import streamlit as st

from alerts.board import Matter
from pages._shared import data_warnings, numbers, states, warning_words
from pages._shared.frame import Frame
from pages._shared.text import maybe, plain, t, word

SHOWN = 30
QUIET = ("no_data", "data_back")
DEEDS = ("assign", "decide", "supervise", "instruct", "silence")
# Of an incident it is said which of its warnings did so.
ABOUT = ("fire", "raise", "clear", "missing", "back")


def show(frame: Frame, matter: Matter) -> None:
    lang = frame.lang
    told = [e for e in data_warnings.history(frame.viewer, matter) if e["action"] not in QUIET]
    st.markdown(f"**{t('warning.timeline', lang)}**")
    rules = data_warnings.rules()
    of = {r["warning_id"]: rules[r["rule_id"]].name(lang) for r in matter.rows if r["rule_id"] in rules}
    about = of if matter.is_incident else {}
    lines = list(dict.fromkeys(said(frame, e, about.get(e["warning_id"], "")) for e in reversed(told)))
    st.markdown("\n".join(f"- {line}" for line in lines[:SHOWN]))
    if len(lines) > SHOWN:
        states.note(t("warning.timeline_more", lang, n=len(lines) - SHOWN))


def said(frame: Frame, event: dict[str, Any], about: str = "") -> str:
    """When, who, what, and about what the engine speaks. The same deed of a person about all of an incident reads the
    same."""
    lang = frame.lang
    # The engine keeps its evidence there; only what people said of a deed of theirs is read.
    detail: dict[str, Any] = json.loads(event["detail_json"] or "{}") if event["action"] in DEEDS else {}
    did = word("warning.did", event["action"], lang)
    extra = [about] if about and event["action"] in ABOUT else []
    if "owner_dept" in detail:
        extra.append(frame.name("owner_dept", detail["owner_dept"]))
    if "decision" in detail:
        extra.append(word("warning.decision", detail["decision"], lang))
    if "level" in detail:
        extra.append(word("warning.level", detail["level"], lang))
    if "due" in detail:
        extra.append(t("warning.reply_by", lang, day=detail["due"]))
    if "until" in detail:
        until = numbers.moment(datetime.fromisoformat(detail["until"]), lang)
        extra.append(t("warning.until", lang, at=until))
    if event["note"]:
        extra.append(maybe("warning.reason", event["note"], lang) or event["note"])
    told = t("chart.list_separator", lang).join(plain(str(x)) for x in extra)
    who = warning_words.person(event["actor"], lang)
    at = f":gray[{numbers.moment(event['happened_at'], lang)}]"
    return f"{at} **{who}** " + (t("alt.item", lang, label=did, value=told) if told else did)
