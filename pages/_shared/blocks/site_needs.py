"""热点网络 → 规划需求: what to ask money for, what to do first instead, and what each would bring."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data_map, data_needs, findings, need_files, numbers, states
from pages._shared.access import exports
from pages._shared.blocks import map_spots
from pages._shared.data_needs import Case
from pages._shared.frame import Frame
from pages._shared.text import Lang, plain, t, word
from warehouse import worklist
from warehouse.hotspots.settings import settings
from warehouse.needs import CHEAPER, GATES, PIPELINE, SITES, STANDS, search_area
from warehouse.problems import Problems

HEADERS = (
    "place", "hotspot_id", "region", "cause", "action", "customers", "avoided", "avoided_low", "avoided_high",
    "yuan_10k", "per_10k", "grade", "open_gates", "pipeline", "owner", "due", "note", "lon", "lat", "radius_m",
)  # fmt: skip


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("needs.title", lang))
    if not frame.viewer.sees_rows:
        st.info(t("needs.no_rows", lang), icon=":material/lock:")
        return
    weeks = data_map.span(frame.reader)
    found = data_needs.cases(frame.viewer, frame.workspace, weeks[-1].first, frame.filters) if weeks else []
    if not found:
        st.info(t("needs.none", lang), icon=":material/search_off:")
        return
    st.markdown("## " + finding(frame, found, findings.period_text(weeks[-1], lang)))
    chosen = _table(frame, found)
    _files(frame, found)
    states.note(t("needs.note", lang))
    _card(frame, found[chosen])


def finding(frame: Frame, found: list[Case], week: str) -> str:
    """How many may be proposed, how many need something cheaper or a test first, and the best of them."""
    lang = frame.lang
    ready = [c for c in found if c.need.may_be_proposed]
    tests = sum(c.need.action == "test" for c in found)
    cheaper = sum(c.need.action in (*CHEAPER, "alarm") for c in found)
    said = t("needs.finding", lang, week=week, ready=len(ready), cheaper=cheaper, tests=tests)
    if ready:
        best = ready[0]
        said += t(
            "needs.best",
            lang,
            place=map_spots.place(best.spot, lang),
            per=numbers.fixed(best.need.per_10k or 0.0, 1),
        )
    return said


def _table(frame: Frame, found: list[Case]) -> int:
    lang = frame.lang
    shown = pd.DataFrame(
        {
            "place": [map_spots.place(c.spot, lang) for c in found],
            "cause": [word("spot_cause", c.spot.cause, lang) for c in found],
            "action": [word("remedy", c.need.action, lang) for c in found],
            "gate": [gate_text(c, lang) for c in found],
            "customers": [numbers.count(c.need.customers, lang) for c in found],
            "avoided": [avoided_text(c, lang) for c in found],
            "cost": [numbers.fixed(c.need.yuan_10k, 1) if c.need.yuan_10k else numbers.DASH for c in found],
            "per": [numbers.fixed(c.need.per_10k, 1) if c.need.per_10k else numbers.DASH for c in found],
            "grade": [word("need_grade", c.need.grade, lang) for c in found],
        }
    )
    config: dict[str, Any] = {
        c: st.column_config.TextColumn(
            t(f"needs.{c}", lang), alignment="right" if c in ("customers", "avoided", "cost", "per") else "left"
        )
        for c in shown
    }
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        row_height=32,
        height="content",
        key="needs_table",
        on_select="rerun",
        selection_mode="single-row",
        alt=t("needs.table_alt", lang, n=len(found)),
    )
    picked = event["selection"]["rows"]
    return int(picked[0]) if picked and picked[0] < len(found) else 0


def gate_text(case: Case, lang: Lang) -> str:
    """Whether the gate is passed, or how many conditions are missing, in words."""
    if not case.need.is_site and case.need.action != "test":
        return t("needs.no_site", lang)
    if not case.need.open_gates:
        return t("needs.passed" if case.need.is_site else "needs.passed_no_cause", lang)
    return t("chart.list_separator", lang).join(word("need_gate_open", g, lang) for g in case.need.open_gates)


def avoided_text(case: Case, lang: Lang) -> str:
    n = case.need
    if not n.avoided:
        return numbers.DASH
    low, high = (numbers.count(round(v), lang) for v in (n.avoided_low, n.avoided_high))
    return f"{numbers.count(round(n.avoided), lang)} ({low}–{high})"


def _files(frame: Frame, found: list[Case]) -> None:
    lang, space = frame.lang, frame.workspace
    lines = [line(frame, c) for c in found]
    about = t("needs.about", lang, name=space.settings.name.zh if lang == "zh" else space.settings.name.en)
    about += f" {numbers.moment(frame.as_of, lang)}. "
    about += t("badge.simulated", lang) if frame.reader.info["is_synthetic"] else ""
    headers = {k: t(f"needs.file_{k}", lang) for k in HEADERS}
    name = f"lookout-needs-{frame.as_of:%Y%m%d}"
    row = st.container(horizontal=True)
    for label, make, end, mime in (
        ("XLSX", lambda _, mark: need_files.xlsx(lines, headers, t("needs.sheet", lang), about, mark), "xlsx",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("GeoJSON", lambda _, mark: need_files.geojson(lines, about, mark), "geojson", "application/geo+json"),
        ("KML", lambda _, mark: need_files.kml(lines, about, headers, mark), "kml",
         "application/vnd.google-earth.kml+xml"),
    ):  # fmt: skip
        file = exports.File("needs", f"{name}.{end}", mime, pd.DataFrame(lines), make)
        exports.offer(row, file, lang=lang, key=f"needs_{end}", label=label)


def line(frame: Frame, case: Case) -> dict[str, Any]:
    """A need as a line of the files: codes in words, figures as numbers, a search area instead of a point."""
    lang, n, spot = frame.lang, case.need, case.spot
    grid = settings(frame.workspace.settings.hotspots).need.search_m
    lon, lat, radius = search_area(float(spot.lon), float(spot.lat), float(spot.radius_m), grid)
    return {
        "place": map_spots.place(spot, lang),
        "hotspot_id": n.hotspot_id,
        "region": frame.name("region_code", spot.region_code),
        "cause": word("spot_cause", spot.cause, lang),
        "action": word("remedy", n.action, lang),
        "customers": n.customers,
        "avoided": round(n.avoided),
        "avoided_low": round(n.avoided_low),
        "avoided_high": round(n.avoided_high),
        "yuan_10k": n.yuan_10k,
        "per_10k": round(n.per_10k, 2) if n.per_10k else None,
        "grade": word("need_grade", n.grade, lang),
        "open_gates": gate_text(case, lang),
        "pipeline": word("pipeline", case.work.get("pipeline", "none"), lang),
        **{k: case.work.get(k, "") for k in ("owner", "due", "note")},
        "lon": round(lon, 5),
        "lat": round(lat, 5),
        "radius_m": round(radius),
    }


def _card(frame: Frame, case: Case) -> None:
    """The gate of one place, condition by condition, and what planners write about it."""
    lang, name = frame.lang, case.need.hotspot_id
    st.subheader(map_spots.place(case.spot, lang))
    st.markdown(map_spots.sentence(frame, case.spot))
    marks = [
        f"{':material/close:' if g in case.need.open_gates else ':material/check:'} "
        + plain(word("need_gate_open" if g in case.need.open_gates else "need_gate", g, lang))
        for g in GATES
    ]
    left, right = st.columns([5, 7])
    left.markdown("  \n".join(marks))
    left.page_link(
        "pages/hotspot.py",
        label=t("needs.open_card", lang),
        icon=":material/open_in_new:",
        query_params={"id": name, "lang": lang, "role": frame.viewer.role},
    )
    with right:
        if frame.viewer.role in data_needs.WRITERS:
            _form(frame, case)
        else:
            states.note(t("needs.read_only", lang))
    past = data_needs.history(name)
    if len(past):
        with st.expander(t("needs.history", lang, n=len(past))):
            for r in past.itertuples():
                at = numbers.moment(r.happened_at, lang)
                states.note(f"{at} · {word('role', r.actor, lang)} · {word('work', r.field, lang)}: {_said(r, lang)}")


def _said(row: Any, lang: Lang) -> str:
    if row.field in CHEAPER:
        return word("stand", row.value, lang)
    if row.field == "pipeline":
        return word("pipeline", row.value, lang)
    return word("remedy", row.value, lang) if row.field == "site" and row.value else str(row.value)


def _form(frame: Frame, case: Case) -> None:
    lang, name, work = frame.lang, case.need.hotspot_id, case.work
    with st.form(f"need_{name}", border=True):
        top = st.columns(len(CHEAPER))
        values = {
            field: box.selectbox(
                word("work", field, lang),
                STANDS,
                index=STANDS.index(work.get(field, "open")),
                format_func=lambda s: word("stand", s, lang),
            )
            for field, box in zip(CHEAPER, top, strict=True)
        }
        one, two, three = st.columns(3)
        values["pipeline"] = one.selectbox(
            word("work", "pipeline", lang),
            PIPELINE,
            index=PIPELINE.index(work.get("pipeline", "none")),
            format_func=lambda s: word("pipeline", s, lang),
        )
        kinds = ("", *SITES)
        values["site"] = two.selectbox(
            word("work", "site", lang),
            kinds,
            index=kinds.index(work.get("site", "")),
            format_func=lambda s: word("remedy", s, lang) if s else t("needs.site_auto", lang),
        )
        values["owner"] = three.text_input(word("work", "owner", lang), work.get("owner", ""), max_chars=60)
        values["due"] = one.text_input(
            word("work", "due", lang), work.get("due", ""), max_chars=10, placeholder="2025-04-30"
        )
        values["note"] = two.text_input(word("work", "note", lang), work.get("note", ""), max_chars=200)
        if not st.form_submit_button(t("needs.save", lang), type="primary"):
            return
    try:
        written = data_needs.write(
            frame.viewer, frame.workspace, name, {k: str(v or "") for k, v in values.items()}, work.get("event", "")
        )
    except worklist.Changed:
        st.warning(t("needs.changed", lang), icon=":material/sync_problem:")
        return
    except (Problems, PermissionError):
        st.error(t("needs.refused", lang), icon=":material/error:")
        return
    st.toast(t("needs.saved" if written else "needs.unchanged", lang))
    st.rerun()
