"""数据质量 → refused rows of a file go out with their reasons, and come back corrected. For the data engineer.

The rows are raw, as their source wrote them: they leave by the door of all files of customers, with leave and mark.
What comes back lands in the inbox under the name that `etl rejected` gives; the name of the upload is never used.
"""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from etl import corrections, handback
from etl.contract import Contract
from etl.privacy import neutralise, scrub
from etl.register import Outcome
from pages._shared import data, numbers, states
from pages._shared.access import exports, trail
from pages._shared.blocks import intake
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.home import Home
from warehouse.problems import Problems
from warehouse.watermark import Mark, csv_text

_NOTED = "_mending_noted"


def show(frame: Frame, files: pd.DataFrame) -> None:
    lang = frame.lang
    mine = files[(files["state"] == "loaded") & (files["n_rejected"] > 0)].sort_values("loaded_at", ascending=False)
    if frame.viewer.role not in intake.ROLES or mine.empty:
        return
    st.subheader(t("mending.title", lang))
    if frame.viewer.regions is not None or frame.viewer.departments is not None:
        states.note(t("mending.scope", lang))
        return
    names = {row.file_id: _named(frame, row) for row in mine.itertuples()}
    chosen = st.selectbox(
        t("mending.file", lang), list(names), index=None, format_func=lambda i: names.get(i, i),
        placeholder=t("mending.choose", lang), key="mending_file",
    )  # fmt: skip
    if chosen is None:
        states.note(t("mending.lead", lang))
        return
    home = data.home()
    try:
        outcome = handback.loaded(home, str(chosen))
        contract = handback.contract_of(home, outcome)
        if not handback.lies(home, outcome):
            handback.original(home, outcome)
    except Problems as error:
        intake.faults(frame, error)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _out(frame, home, outcome, contract)
    with right:
        content = _uploaded(frame, outcome)
    if content is not None:
        _back(frame, home, outcome, contract, content)


def _named(frame: Frame, row: Any) -> str:
    refused = numbers.count(int(row.n_rejected), frame.lang, "rows")
    corrected = int(row.n_corrected) if pd.notna(row.n_corrected) else 0
    return t("mending.option", frame.lang, name=row.file_name, n=refused, done=numbers.count(corrected, frame.lang))


def _out(frame: Frame, home: Home, outcome: Outcome, contract: Contract) -> None:
    lang = frame.lang
    st.markdown("**" + t("mending.out", lang) + "**")
    states.note(t("mending.raw" if contract.target.is_personal else "mending.plain", lang))
    column = "raw_row" if contract.target.is_personal else "row_no"
    rows = pd.DataFrame({column: range(outcome.n_rejected)})
    asked = (outcome.file_id, f"{outcome.loaded_at:%Y-%m-%dT%H:%M:%S}")
    name = corrections.file_name(outcome)

    def make(_: pd.DataFrame, mark: Mark) -> bytes:
        return sheet(home, outcome, mark)

    file = exports.File("refused_rows", name, "text/csv", rows, make, asked)
    exports.offer(st, file, lang=lang, key="mending_csv", label=t("mending.download", lang))


def sheet(home: Home, outcome: Outcome, mark: Mark) -> bytes:
    """The refused rows as `etl rejected` writes them, marked. The line stands in the header: a row would be loaded."""
    with tempfile.TemporaryDirectory(prefix="lookout-mending-") as folder:
        path = Path(folder) / "rows" / "rows.csv"
        handback.write(home, outcome, path)
        with path.open(encoding="utf-8-sig", newline="") as handle:
            lines: list[Sequence[str]] = list(csv.reader(handle))
    head, *rows = lines
    marked = [[*head, str(neutralise(mark.line))], *([*row, ""] for row in rows)]
    return csv_text(marked, mark.id).encode("utf-8-sig")


def _uploaded(frame: Frame, outcome: Outcome) -> bytes | None:
    lang = frame.lang
    st.markdown("**" + t("mending.back", lang) + "**")
    states.note(t("mending.how", lang))
    st.html(intake.STYLE)
    label = t("mending.upload", lang, most=handback.MOST_MIB)
    # No `max_upload_size`: what the front end stops leaves no row of the trail.
    file = st.file_uploader(label, type=["csv"], key=f"mending_{outcome.file_id}")
    if file is None:
        return None
    content = bytes(file.getvalue())
    if st.session_state.get(_NOTED) != (outcome.file_id, file.file_id):
        _tried(frame, outcome, file.name, content)
        st.session_state[_NOTED] = (outcome.file_id, file.file_id)
    return content


def _tried(frame: Frame, outcome: Outcome, told: str, content: bytes) -> None:
    """A row of the trail before anything of the upload is read or shown, whatever becomes of it."""
    [name] = scrub([intake.file_name(told)]).to_pylist()
    trail.deed(
        frame.viewer, "deed", "corrected rows tried out", corrects=outcome.file_id, name=name, bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(), odd_name=told != intake.file_name(told),
    )  # fmt: skip
    if len(content) > handback.MOST_MIB << 20:
        trail.deed(frame.viewer, "refused", "an upload above the limit", bytes=len(content))


def _back(frame: Frame, home: Home, outcome: Outcome, contract: Contract, content: bytes) -> None:
    """How the rows would land; a button that puts them into the inbox; what comes next."""
    lang = frame.lang
    try:
        handback.check_size(outcome, content)
        seen = handback.looked_at(home, frame.workspace, outcome, content)
    except Problems as error:
        intake.faults(frame, error)
        return
    counted = {"n": numbers.count(seen.n_landed, lang), "rows": numbers.count(seen.n_rows, lang, "rows")}
    if not seen.n_landed:
        st.error(t("mending.none_lands", lang), icon=":material/error:")
    elif st.button(t("mending.hand_back", lang, **counted), type="primary", key="mending_hand_back"):
        _handed(frame, home, outcome, content, seen.n_landed)
    if seen.n_rejected or seen.n_flagged:
        intake.refused(frame, contract, seen)


def _handed(frame: Frame, home: Home, outcome: Outcome, content: bytes, n: int) -> None:
    told = {
        "corrects": outcome.file_id,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": n,
    }
    trail.deed(frame.viewer, "deed", "corrected rows handed back", **told)
    try:
        target = handback.accept(home, outcome, content)
    except Problems as error:
        intake.faults(frame, error)
        return
    st.success(t("mending.landed", frame.lang, name=target.name), icon=":material/check:")
