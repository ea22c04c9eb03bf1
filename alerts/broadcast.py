"""Warnings as a few lines of text: to be sent, or to be pasted into a work group. Nothing personal, no markup."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from alerts.rules import Rule
from alerts.sentence import WRITE, Lang, Names, sentence
from alerts.state import SEVERITIES
from warehouse.workspace import Words

SHOWN = 8  # warnings of a digest that are told one by one


@cache
def wording() -> dict[str, Words]:
    """The fixed words by name."""
    raw = tomllib.loads(Path(__file__).with_name("wording.toml").read_text(encoding="utf-8"))
    return {name: Words(**entry) for name, entry in raw.items()}


def say(name: str, lang: Lang, /, **filled: object) -> str:
    """One of the fixed words, filled."""
    words = wording()[name]
    return (words.zh if lang == "zh" else words.en).format(**filled)


def line(row: Mapping[str, Any], rule: Rule, names: Names, lang: Lang) -> str:
    """A warning in one line: severity with its sign, then the sentence."""
    seen = json.loads(row["evidence_json"] or "{}")
    return f"{say('severity_' + row['severity'], lang)} {sentence(rule, row['scope_id'], seen, names, lang)}"


def link(base_url: str, warning_id: str) -> str:
    """Where the warning's own card opens; empty without a configured address."""
    return f"{base_url.rstrip('/')}/warning?id={warning_id}" if base_url else ""


def paste(
    row: Mapping[str, Any], rule: Rule, names: Names, lang: Lang, base_url: str, is_simulated: bool, others: str = ""
) -> str:
    """Three to five lines for a work group: what, what else is of the same incident, since when and whose, what to do,
    and the link."""
    since = say("since", lang, at=WRITE["moment"](row["first_breach_at"], lang))
    owner = say("owner", lang, name=names("dept", row["owner_dept"], lang))
    mark = f"[{say('simulated', lang)}] " if is_simulated else ""
    runbook = rule.runbook.zh if lang == "zh" else rule.runbook.en
    found = [
        mark + line(row, rule, names, lang),
        say("together", lang, names=others) if others else "",
        f"{since} · {owner}",
        say("to_do", lang, text=runbook),
        link(base_url, row["warning_id"]),
    ]
    return "\n".join(part for part in found if part)


def worst_first(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Red before orange, then the older first."""
    return sorted(rows, key=lambda r: (-SEVERITIES.index(r["severity"]), r["fired_at"], r["warning_id"]))


def day(at: datetime, lang: Lang) -> str:
    """The day of a digest."""
    return f"{at.month}月{at.day}日" if lang == "zh" else f"{at:%d %b}"
