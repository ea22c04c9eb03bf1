"""数据质量: is everything there and fresh, what was refused and why, what nobody mapped, which release this is."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from etl.sentences import column_name, rule_name
from pages._shared import data, findings, freshness, numbers, states
from pages._shared.blocks import mending
from pages._shared.frame import Frame
from pages._shared.text import Lang, maybe, t, word
from warehouse.release import Releases

MOST_ROWS, MOST_CARDS = 12, 6


def show(frame: Frame) -> None:
    lang = frame.lang
    files = data.table("fact_file", frame.viewer)
    labels = data.source_labels(frame.workspace, frame.lang)
    sources = data.table("mart_source", frame.viewer)
    refused = data.table("mart_quarantine", frame.viewer)
    _finding(frame, files, sources, refused)
    _failed(frame, files)
    sources["source_name"] = [labels.get(n, n) for n in sources["source_name"]]
    refused["source_name"] = [labels.get(n, n) for n in refused["source_name"]]
    _sources(frame, sources, labels)
    _refused(frame, refused)
    mending.show(frame, files)
    left, right = st.columns(2, gap="medium")
    with left:
        _completeness(frame)
    with right:
        _unmapped(frame)
        _releases(frame)
    with st.expander(t("quality.checks", lang)):
        checks = data_table(frame, "release_check")
        checks["state"] = [
            t("quality.check_holds", lang) if n == 0 else t("quality.check_fails", lang) for n in checks["n_shown"]
        ]
        _table(frame, checks, ["state", "sentence"])


def data_table(frame: Frame, name: str) -> pd.DataFrame:
    """A table about the release itself; it holds no rows of customers."""
    return frame.reader.about(name)


def _finding(frame: Frame, files: pd.DataFrame, sources: pd.DataFrame, refused: pd.DataFrame) -> None:
    lang = frame.lang
    failed = int((files["state"] == "failed").sum())
    late = freshness.late(freshness.sources(frame.reader, frame.viewer), frame.as_of)
    rows = int(sources["n_rows"].sum()) if len(sources) else 0
    rejected = int(sources["n_rejected"].sum()) if len(sources) else 0
    share = _percent(rejected, rows)
    loaded = int((files["state"] == "loaded").sum())
    over = int(files["is_over_limit"].fillna(False).astype(bool).sum())
    if loaded == 0 and failed == 0:
        st.markdown("## " + t("quality.finding_none", lang))
        return
    counted = {
        "files": numbers.count(loaded, lang, "files"),
        "rows": numbers.count(rows, lang, "rows"),
        "share": share,
    }
    wrong = []
    if failed:
        wrong.append(t("quality.bad_failed", lang, n=numbers.count(failed, lang, "files")))
    if over:
        wrong.append(t("quality.bad_over", lang, n=numbers.count(over, lang, "files")))
    if late:
        wrong.append(t("quality.bad_late", lang, n=len(late)))
    if wrong:
        said = t("quality.finding_bad", lang, what=t("chart.list_separator", lang).join(wrong), **counted)
    else:
        said = t("quality.finding_good", lang, **counted)
    st.markdown("## " + said)


def _percent(part: int, whole: int) -> str:
    """A share in percent; a few of millions are not 0.00 %."""
    if not whole:
        return numbers.DASH
    text = numbers.fixed(100 * part / whole, 2)
    return "<0.01%" if part and text == "0.00" else f"{text}%"


def _failed(frame: Frame, files: pd.DataFrame) -> None:
    """Files that did not load, each with its reason and cure."""
    lang = frame.lang
    bad = files[files["state"] == "failed"]
    over = files[files["is_over_limit"].fillna(False).astype(bool)]
    unmatched = files[files["state"] == "unmatched"]
    if len(bad):
        st.error(t("quality.failed", lang, n=len(bad)), icon=":material/error:")
        _files(frame, bad)
    if len(over):
        st.warning(t("quality.over_limit", lang, n=len(over)), icon=":material/warning:")
        _files(frame, over)
        states.note(t("quality.mend_rows", lang))
    if len(unmatched):
        with st.expander(t("quality.unmatched", lang, n=len(unmatched))):
            _files(frame, unmatched)


def _files(frame: Frame, files: pd.DataFrame) -> None:
    """Files with what is wrong and what to do: a card each, so that nothing is cut; many of them as a table."""
    lang = frame.lang
    if len(files) > MOST_CARDS:
        _table(frame, files, ["file_name", "message", "n_rows", "n_rejected"])
        return
    grid = _cards()
    for row, message in zip(files.itertuples(), _translated(files, "message", lang), strict=True):
        refused = t(
            "quality.card_over",
            lang,
            rejected=numbers.count(row.n_rejected, lang),
            rows=numbers.count(row.n_rows, lang, "rows"),
        )
        said = message.removeprefix(f"{row.file_name}: ").removeprefix(f"{row.file_name}：")
        states.card(grid, str(row.file_name), said, refused if row.state == "loaded" else "")


def _cards() -> Any:
    """Two columns on a desktop, one on a phone."""
    return st.grid(columns=2, min_column_width=320, gap="small")


def _sources(frame: Frame, sources: pd.DataFrame, labels: dict[str, str]) -> None:
    lang = frame.lang
    st.subheader(t("quality.sources", lang))
    found = freshness.sources(frame.reader, frame.viewer)
    known = {labels.get(s.name, s.name) for s in found}
    late = {labels.get(s.name, s.name) for s in freshness.late(found, frame.as_of)}
    shape = sources.sort_values("n_loaded", ascending=False).copy()
    shape["freshness"] = [
        t("badge.stale", lang) if n in late else t("badge.fresh", lang) if n in known else t("quality.no_cadence", lang)
        for n in shape["source_name"]
    ]
    hours = (pd.Timestamp(frame.as_of) - shape["last_period"]).dt.total_seconds() / 3600
    shape["age"] = ["—" if pd.isna(h) else numbers.duration(60 * h, lang) for h in hours]
    shape["refused"] = (100 * shape["n_rejected"] / shape["n_rows"]).round(2)
    columns = ["target_table", "n_files", "n_loaded", "n_rejected", "refused", "n_flagged", "n_dropped", "last_period"]
    _table(frame, shape, ["source_name", "freshness", "age", *columns])


def _refused(frame: Frame, refused: pd.DataFrame) -> None:
    lang = frame.lang
    st.subheader(t("quality.refused", lang))
    if refused.empty:
        st.success(t("quality.none_refused", lang), icon=":material/check:")
        return
    refused = refused.sort_values("n_values", ascending=False)
    refused["rule"] = [getattr(rule_name(str(rule)), lang) for rule in refused["rule"]]
    refused["cure"] = _translated(refused, "cure", lang)
    refused["column_name"] = _columns(refused, lang)
    refused["action"] = [t(f"quality.action_{a}", lang) for a in refused["action"]]
    grid = _cards()
    for row in refused.head(MOST_CARDS).itertuples():
        small = t(
            "quality.card_refused",
            lang,
            source=row.source_name,
            column=row.column_name,
            n=numbers.count(row.n_values, lang),
            action=row.action,
        )
        states.card(grid, findings.as_title(str(row.rule)), findings.as_title(str(row.cure or "")), small)
    columns = ["rule", "cure", "source_name", "column_name", "action", "n_values", "example_file", "example_row"]
    columns += ["example"] if "example" in refused else []
    with st.expander(t("quality.all", lang)):
        _table(frame, refused, columns)
    if "example" not in refused:
        states.note(t("quality.no_examples", lang))


def _unmapped(frame: Frame) -> None:
    lang = frame.lang
    st.subheader(t("quality.unmapped", lang))
    frame_rows = data.table("mart_unmapped", frame.viewer)
    if frame_rows.empty:
        st.success(t("quality.none_unmapped", lang), icon=":material/check:")
        return
    if "value_scrubbed" not in frame_rows:
        frame_rows = frame_rows.groupby(["source_name", "target_table", "column_name"], as_index=False)["n_rows"].sum()
    labels = data.source_labels(frame.workspace, lang)
    frame_rows["source_name"] = [labels.get(n, n) for n in frame_rows["source_name"]]
    frame_rows["column_name"] = _columns(frame_rows, lang)
    frame_rows = frame_rows.sort_values("n_rows", ascending=False)
    columns = [c for c in ("source_name", "column_name", "value_scrubbed", "n_rows") if c in frame_rows]
    _table(frame, frame_rows, columns)


def _completeness(frame: Frame) -> None:
    lang = frame.lang
    st.subheader(t("quality.completeness", lang))
    rows = data.table("mart_completeness", frame.viewer)
    if rows.empty:
        states.note(t("quality.no_days", lang))
        return
    rows["share"] = 100 * rows["n_days_present"] / rows["n_days_expected"]
    wide = rows.pivot_table(index="month_start", columns="table_name", values="share")
    wide = wide.rename(columns=lambda name: maybe("lake", name, lang) or name)
    wide = wide.sort_index(ascending=False).head(15).reset_index()
    wide["month_start"] = [numbers.month(d.year, d.month, lang) for d in pd.to_datetime(wide["month_start"])]
    config: dict[str, Any] = {
        c: st.column_config.NumberColumn(c, format="%.0f%%") for c in wide.columns if c != "month_start"
    }
    config["month_start"] = t("quality.column_month_start", lang)
    st.dataframe(wide, hide_index=True, column_config=config, row_height=32, alt=t("quality.completeness", lang))


def _releases(frame: Frame) -> None:
    lang = frame.lang
    st.subheader(t("quality.releases", lang))
    releases = Releases(data.home().releases)
    listed = pd.DataFrame(
        [
            {
                "release": name,
                "in_use": t("quality.in_use", lang) if name == frame.reader.id else "",
                "mib": round(releases.path(name).stat().st_size / (1 << 20), 1),
            }
            for name in releases.all()
        ]
    )
    _table(frame, listed, ["release", "in_use", "mib"])
    info = frame.reader.info
    states.note(
        t(
            "quality.release_note",
            lang,
            how=word("how", "incremental" if info["how"].startswith("incremental") else "full", lang),
            content=info["content_hash"],
            as_of=f"{info['as_of']:%Y-%m-%d %H:%M}",
        )
    )


def _table(frame: Frame, rows: pd.DataFrame, columns: list[str]) -> None:
    """Technical names in the viewer's words, numbers with separators, missing times as a dash."""
    lang = frame.lang
    shown = rows[columns].copy()
    config: dict[str, Any] = {c: t(f"quality.column_{c}", lang) for c in columns}
    for column in columns:
        if column == "target_table":
            shown[column] = [maybe("lake", name, lang) or name for name in shown[column]]
        elif column == "message":
            shown[column] = _translated(rows, "message", lang)
        elif column == "last_period":
            shown[column] = ["—" if pd.isna(at) else f"{at:%Y-%m-%d %H:%M}" for at in shown[column]]
        elif pd.api.types.is_numeric_dtype(shown[column]):
            config[column] = st.column_config.NumberColumn(config[column], format="localized")
    height: Any = "content" if len(shown) <= MOST_ROWS else 420
    st.dataframe(shown, hide_index=True, column_config=config, row_height=32, height=height, alt=", ".join(columns))


def _translated(rows: pd.DataFrame, column: str, lang: Lang) -> list[str]:
    """A sentence that loading wrote in both languages; what was loaded before that is English."""
    pairs = zip(rows[f"{column}_zh"], rows[column], strict=True)
    return [zh if lang == "zh" and isinstance(zh, str) and zh else en for zh, en in pairs]


def _columns(rows: pd.DataFrame, lang: Lang) -> list[str]:
    """Names of canonical columns in the viewer's language; a dash where a rule looks at the whole row."""
    pairs = zip(rows["target_table"], rows["column_name"], strict=True)
    return [getattr(column_name(str(table), str(column)), lang) if column else "—" for table, column in pairs]
