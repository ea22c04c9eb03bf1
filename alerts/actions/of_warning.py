"""What a deed about a warning puts into the register: 立项整改, 督办 and 批示 become a measure. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from alerts.actions.item import WHOLE, Draft
from alerts.handling import Deed
from alerts.rules import Rule
from alerts.sentence import Names, sentence

DAYS = 14  # a measure without a day of its own
_CITY = "CITY"


def ref(warning_id: str) -> str:
    return f"warning:{warning_id}"


def becomes(deed: Deed, detail: Mapping[str, Any]) -> bool:
    """Whether a deed is more than handling: something is promised."""
    return deed in ("supervise", "instruct") or deed == "decide" and detail.get("decision") == "rectify"


def draft_of(
    row: Mapping[str, Any], rule: Rule | None, names: Names, types: Collection[str], deed: Deed, note: str,
    detail: Mapping[str, Any], today: date,
) -> Draft:  # fmt: skip
    """The measure that comes of a deed about the warning of `row`, in Chinese as all that is written here.

    `types` are the codes that complaints are told apart by; a scope such as "NET/321003" names one of them.
    """
    due = date.fromisoformat(detail["due"]) if detail.get("due") else today + timedelta(days=DAYS)
    is_instruction = deed == "instruct"
    region = str(row["region_code"] or "")
    aims = str(row["scope_id"]).partition("/")[0]
    seen = json.loads(row["evidence_json"] or "{}")
    said = sentence(rule, row["scope_id"], seen, names, "zh") if rule and "value" in seen else str(row["rule_id"])
    return Draft(
        source="instruction" if is_instruction else "warning",
        source_ref=ref(str(row["warning_id"])),
        level=detail.get("level") or "ordinary",
        problem=said,
        measure=note,
        scope_kind="region" if region and region != _CITY else WHOLE,
        scope_id=region if region != _CITY else "",
        owner_dept=row["owner_dept"],
        begins_on=today,
        due_on=max(due, today),
        reply_by=max(due, today) if is_instruction else None,
        verify_type=aims if aims in types else None,
    )
