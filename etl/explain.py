"""What a load says of a file: what is worth knowing of one that loaded, and why another did not.

Sentences come from `sentences.toml`; what a load does is `load.py`'s.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from deltalake.exceptions import DeltaError

from etl import read
from etl.clean import EXCLUDED, Compiled
from etl.privacy import scrub
from etl.quarantine import Judged
from etl.register import Outcome
from etl.sentences import EMPTY, column_name, fault, note, rule_name, sentences
from warehouse.problems import Problems
from warehouse.workspace import Words

READING_FAULTS = (duckdb.Error, pa.ArrowException, DeltaError, OSError, UnicodeError, csv.Error)
MOST_RULES = 5


def describe(outcome: Outcome) -> str:
    """One line for the console and the log."""
    if outcome.state != "loaded":
        return f"{outcome.file_name}: {outcome.state}: {outcome.message}"
    counts = f"{outcome.n_loaded:,} of {outcome.n_rows:,} rows into {outcome.target_table}"
    refused = f", {outcome.n_rejected:,} rejected" if outcome.n_rejected else ""
    limit = ", over the contract's limit" if outcome.is_over_limit else ""
    return f"{outcome.file_name}: {counts}{refused}{limit}"


def said(code: str) -> dict[str, Any]:
    """A sentence about a file that needs no place, in both languages."""
    what = sentences()[f"fault.{code}"].what
    return {"message": what.en, "message_zh": what.zh}


def notes(judged: Judged, compiled: Compiled, raw: read.Raw) -> dict[str, Any]:
    """What is worth knowing of a file that loaded, in both languages."""
    reasons = {EXCLUDED + rule.reason.en: rule.reason for rule in judged.contract.exclude}
    found = [
        note("excluded", reason=reasons[why], n=n) if why in reasons else note(why, n=n)
        for why, n in judged.dropped.most_common()
    ]
    for (column, rule), n in judged.per_rule.most_common(MOST_RULES):
        place = column_name(judged.contract.table, column) if column else EMPTY
        name = rule_name(rule)
        found.append(Words(zh=f"{place.zh}{name.zh}：{n}", en=f"{place.en} {name.en}: {n}".strip()))
    if compiled.absent:
        names = [column_name(judged.contract.table, name) for name in compiled.absent]
        joined = Words(zh="、".join(n.zh for n in names), en=", ".join(n.en for n in names))
        found.append(note("absent", columns=joined))
    if raw.n_undecodable:
        found.append(note("undecodable", n=raw.n_undecodable))
    return {"message": "; ".join(n.en for n in found), "message_zh": "；".join(n.zh for n in found)}


def too_many_refused(path: Path, judged: Judged, share: float) -> Problems:
    """Why a file as a whole is refused: too little of it can be believed."""
    worst = [
        (column_name(judged.contract.table, column) if column else EMPTY, rule_name(rule), n)
        for (column, rule), n in judged.per_rule.most_common(MOST_RULES)
    ]
    mostly = Words(
        zh="；".join(f"{place.zh}{name.zh} {n:,}" for place, name, n in worst),
        en="; ".join(f"{place.en} {name.en} {n:,}".strip() for place, name, n in worst),
    )
    counts = {"n": judged.n_rejected, "total": judged.n_rows, "share": share}
    return fault("too_many_refused", path.name, **counts, limit=judged.contract.quarantine_stop_pct, mostly=mostly)


def why(path: Path, error: Exception) -> dict[str, Any]:
    """Why a file did not load, as a sentence without anybody's data, in both languages."""
    if isinstance(error, FileNotFoundError) or not os.path.lexists(path):
        error = fault("gone", path.name)
    elif not isinstance(error, Problems):
        [first] = scrub([next(iter(str(error).splitlines()), type(error).__name__)[:2000]]).to_pylist()
        if isinstance(error, READING_FAULTS):
            error = fault("unreadable", path.name, text=first[:200])
        else:
            error = fault("own_fault", path.name, place=_place(error), text=first[:200])
    en, zh = scrub([str(error), error.in_chinese()]).to_pylist()
    return {"message": en, "message_zh": zh}


def _place(error: Exception) -> str:
    """Type and line of an exception nobody expected: a fault to mend here, not in the file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "unknown line"
    return f"{type(error).__name__}, {where}"
