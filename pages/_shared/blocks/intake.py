"""接入: a file nobody has described yet becomes a contract: upload, read the draft, edit, see how rows land, keep it.

The uploaded file lives in a private temporary folder for the length of one run and is never kept.
"""

from __future__ import annotations

import hashlib
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from etl.contract import Contract
from etl.infer import Draft, draft
from etl.infer.listing import list_source
from etl.infer.preview import Preview, key_question, preview
from etl.privacy import scrub
from etl.sentences import column_name, rule_name
from pages._shared.access import trail, uploads
from pages._shared.frame import Frame
from pages._shared.text import plain, t
from warehouse.home import Home, write_atomically
from warehouse.problems import Problems, from_validation
from warehouse.viewer import Role

ROLES: tuple[Role, ...] = ("engineer",)
SHOWN_ROWS = 100
FEW_ROWS = 9
# The uploader tells Streamlit's limit, which is not ours; the label has ours.
STYLE = '<style>[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }</style>'
KEY_TEXT, KEY_FILE, _NOTED = "_intake_text", "_intake_file", "_intake_noted"


def show(frame: Frame) -> None:
    lang = frame.lang
    if frame.viewer.role not in ROLES:
        st.info(t("intake.not_yours", lang), icon=":material/lock:")
        return
    st.markdown("## " + t("intake.lead", lang))
    st.html(STYLE)
    file = st.file_uploader(t("intake.upload", lang, most=uploads.MOST_MIB), key="intake_upload")
    if file is None:
        st.session_state.pop(KEY_FILE, None)
        return
    if st.session_state.get(_NOTED) != file.file_id:
        _tried(frame, file)
        st.session_state[_NOTED] = file.file_id
    with _kept_for_this_run(file) as path:
        made = _draft(frame, path, file.file_id)
        if made is None:
            return
        _said(frame, made)
        text = st.text_area(t("intake.contract", lang), key=KEY_TEXT, height=420)
        contract = _parsed(frame, text)
        if contract is None:
            return
        _keep(frame, contract, text)
        _landing(frame, path, contract)


@contextmanager
def _kept_for_this_run(file: Any) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lookout-intake-") as folder:
        path = Path(folder) / file_name(file.name)
        path.touch(mode=0o600)
        path.write_bytes(file.getvalue())
        yield path


def file_name(told: str) -> str:
    """What a browser calls a file as a name within a folder of ours; nothing of it leads elsewhere."""
    last = told.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[-60:].strip(". ") or "file"


def _tried(frame: Frame, file: Any) -> None:
    """A row of the trail, before anything of the file is shown."""
    [name] = scrub([file_name(file.name)]).to_pylist()
    is_odd = file.name != file_name(file.name)
    trail.deed(frame.viewer, "deed", "a file tried out", name=name, bytes=len(file.getvalue()), odd_name=is_odd)


def _draft(frame: Frame, path: Path, file_id: str) -> Draft | None:
    """The draft of this upload; made once, so that what was typed stays."""
    known = st.session_state.get(KEY_FILE)
    if known is not None and known[0] == (file_id, frame.lang):
        made: Draft = known[1]
        return made
    try:
        made = draft(path, frame.workspace, language=frame.lang)
    except Problems as error:
        faults(frame, error)
        return None
    st.session_state[KEY_FILE] = ((file_id, frame.lang), made)
    st.session_state[KEY_TEXT] = made.text
    return made


def faults(frame: Frame, error: Problems) -> None:
    """What is wrong with a file, each fault in the viewer's language."""
    for found in error.problems:
        text = found.in_chinese() if frame.lang == "zh" else str(found)
        st.error(plain(text), icon=":material/error:")


def _said(frame: Frame, made: Draft) -> None:
    lang = frame.lang
    if not made.decisions:
        st.success(t("intake.ready", lang), icon=":material/check:")
    asked = "\n".join(f"- {plain(n.say(lang))}" for n in [*made.decisions, *made.to_fill])
    (st.warning if made.decisions else st.info)(asked, icon=":material/help:")
    with st.expander(t("intake.evidence", lang)):
        notes = [n for n in made.notes if n.weight != "decide"]
        st.markdown("\n".join(f"- {plain(n.say(lang))}" for n in notes))


def _parsed(frame: Frame, text: str) -> Contract | None:
    try:
        return Contract.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        st.error(t("intake.not_toml", frame.lang, why=plain(str(error))), icon=":material/error:")
    except ValidationError as error:
        faults(frame, from_validation(error, "contract"))
    return None


def _keep(frame: Frame, contract: Contract, text: str) -> None:
    lang = frame.lang
    is_listed = st.checkbox(t("intake.list", lang), value=True, key="intake_list")
    left, right = st.columns(2)
    left.download_button(t("intake.download", lang), text, f"{contract.name}.toml", "text/plain", key="intake_download")
    if right.button(t("intake.save", lang), key="intake_save", type="primary"):
        home = Home.from_environment()
        folder = home.contracts
        target = folder / f"{contract.name}.toml"
        if target.exists():
            st.error(t("intake.exists", lang, name=target.name), icon=":material/error:")
            return
        folder.mkdir(exist_ok=True)
        told = {"new": hashlib.sha256(text.encode()).hexdigest(), "listed": is_listed}
        trail.deed(frame.viewer, "policy", f"contracts/{contract.name}.toml", **told)
        write_atomically(target, text)
        if is_listed:
            try:
                list_source(home, contract.name)
            except Problems as error:
                faults(frame, error)
                is_listed = False
        said = "intake.saved_listed" if is_listed else "intake.saved"
        st.success(t(said, lang, name=contract.name), icon=":material/check:")


def _landing(frame: Frame, path: Path, contract: Contract) -> None:
    lang = frame.lang
    try:
        seen = preview(path, contract, frame.workspace, frame.as_of, SHOWN_ROWS)
    except Problems as error:
        faults(frame, error)
        return
    st.subheader(t("intake.landing", lang, n=f"{seen.n_landed:,}", rows=f"{seen.n_rows:,}"))
    if asked := key_question(contract, seen):
        st.warning(plain(asked.say(lang)), icon=":material/help:")
    _table(frame, contract, seen.landed.to_pandas())
    refused(frame, contract, seen)


def refused(frame: Frame, contract: Contract, seen: Preview) -> None:
    """The rows that would not land, with reasons and cures; values scrubbed."""
    lang = frame.lang
    st.subheader(t("intake.refused", lang, n=f"{seen.n_rejected:,}", flagged=f"{seen.n_flagged:,}"))
    if seen.refused.num_rows == 0:
        st.success(t("quality.none_refused", lang), icon=":material/check:")
        return
    rows = seen.refused.to_pandas()
    # Refused rows first: values that were only flagged may be many.
    rows = rows.sort_values("action", key=lambda a: a != "reject", kind="stable").head(SHOWN_ROWS)
    rows["action"] = [t(f"quality.action_{a}", lang) for a in rows["action"]]
    rows["value_scrubbed"] = rows["value_scrubbed"].fillna("—")
    rows["rule"] = [getattr(rule_name(str(rule)), lang) for rule in rows["rule"]]
    rows["cure"] = rows["cure_zh"] if lang == "zh" and "cure_zh" in rows else rows["cure"]
    rows["column_name"] = [
        getattr(column_name(contract.table, str(c)), lang) if isinstance(c, str) and c else "—"
        for c in rows["column_name"]
    ]
    columns = ["row_no", "column_name", "rule", "action", "value_scrubbed", "cure"]
    config: dict[str, Any] = {c: t(f"intake.column_{c}", lang) for c in columns if c != "action"}
    config["action"] = t("quality.column_action", lang)
    _show(rows[columns], config)


def _table(frame: Frame, contract: Contract, rows: pd.DataFrame) -> None:
    """Only columns that the contract fills; names as readers know them."""
    columns = ["row_no", *(c for c in rows.columns if c in contract.columns)]
    names = {c: getattr(column_name(contract.table, c), frame.lang) for c in columns if c != "row_no"}
    config: dict[str, Any] = {"row_no": t("intake.column_row_no", frame.lang), **names}
    shown = rows[columns].astype(object)
    _show(shown.where(shown.notna(), "—") if len(shown) else shown, config)


def _show(rows: pd.DataFrame, config: dict[str, Any]) -> None:
    height: Any = "content" if len(rows) <= FEW_ROWS else 360
    st.dataframe(rows, hide_index=True, column_config=config, row_height=32, height=height, alt=", ".join(rows.columns))
