"""案例: one case after the other as the customer saw it, what was learned, and whether the templates help."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data, data_cases, numbers, states, url
from pages._shared.blocks import action_form, action_today, case_course, case_library
from pages._shared.frame import Frame
from pages._shared.text import Lang, plain, t
from warehouse.cases import Case, CaseFile
from warehouse.problems import Problems
from warehouse.workspace import Words


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("cases.title", lang))
    try:
        file = data_cases.case_file()
    except Problems as error:
        st.error(t("frame.broken", lang), icon=":material/error:")
        for found in error.problems:
            st.text(str(found))
        return
    if not file.case:
        st.info(t("cases.none", lang), icon=":material/menu_book:")
        return
    case = _chosen(file, lang)
    told = data.table("mart_case", frame.viewer)
    own = told[told["case_id"] == case.id]
    course = own.iloc[0] if len(own) else None
    steps = data.table("mart_case_step", frame.viewer)
    steps = steps[steps["case_id"] == case.id]
    st.markdown("## " + finding(frame, case, course, steps, len(file.case)))
    states.note(in_words(case.summary, lang))
    if course is not None:
        case_course.show(frame, case, course, steps)
    _learned(frame, file, case)
    _measures(frame, case)
    case_library.show(frame, file)


def _measures(frame: Frame, case: Case) -> None:
    """What was promised after this case, and a way to promise more."""
    known = f"case:{case.id}"
    given = {
        "source": "case", "source_ref": known, "problem": in_words(case.name, frame.lang),
        "verify_type": case.type_code, "kind": "template",
    }  # fmt: skip
    action_form.raise_one(frame, st, given, f"case_{case.id}")
    action_today.of(frame, [known])


def in_words(words: Words, lang: Lang) -> str:
    return words.zh if lang == "zh" else words.en


def finding(frame: Frame, case: Case, course: pd.Series | None, steps: pd.DataFrame, n_cases: int) -> str:
    """Both clocks in one sentence: from the first contact, and from the outside filing where there was one."""
    lang = frame.lang
    name = plain(in_words(case.name, lang))
    if course is None:
        return t("cases.finding_words_only", lang, name=name, n=n_cases)
    clocks = t(
        "cases.finding_clocks",
        lang,
        interim=_days(course["days_to_interim"], lang),
        permanent=_days(course["days_to_permanent"], lang),
    )
    if pd.isna(course["outside_at"]):
        return t("cases.finding_inside", lang, name=name, clocks=clocks)
    body = steps.loc[steps["code"] == "FILED_OUT", "channel_code"].iloc[0]
    return t(
        "cases.finding_outside",
        lang,
        name=name,
        n=int(course["n_inside"]),
        chasers=int(course["n_chasers"]),
        day=int(course["days_to_outside"]),
        body=frame.name("channel_code", body),
        clocks=clocks,
        interim=_days(course["days_outside_to_interim"], lang),
        permanent=_days(course["days_outside_to_permanent"], lang),
    )


def _days(n: object, lang: Lang) -> str:
    """Calendar days; a dash where the step is not on record."""
    return numbers.DASH if pd.isna(n) else t("cases.days", lang, n=int(n))  # type: ignore[call-overload]


def _chosen(file: CaseFile, lang: Lang) -> Case:
    """The newest case unless the link says another one."""
    known = {c.id: c for c in file.case}
    url.one("case", known, file.case[-1].id)
    st.segmented_control(
        t("cases.choose", lang),
        list(known),
        required=True,
        format_func=lambda i: in_words(known[i].name, lang),
        key="case",
        label_visibility="collapsed",
    )
    return known[st.session_state["case"] or file.case[-1].id]


def _learned(frame: Frame, file: CaseFile, case: Case) -> None:
    """The lesson, the template that came of it, and what the record leaves open."""
    lang = frame.lang
    grid = st.grid(columns=3, min_column_width=260, gap="small", key="lessons")
    states.card(grid, t("cases.lesson", lang), in_words(case.lesson, lang), frame.name("type_code", case.type_code))
    template = next((x for x in file.template if x.id == case.template), None)
    if template is not None:
        small = f"{template.id} · {in_words(template.name, lang)}"
        states.card(grid, t("cases.template", lang), in_words(template.text, lang), small)
    if case.unknown:
        listed = t("chart.list_separator", lang).join(in_words(u, lang) for u in case.unknown)
        states.card(grid, t("cases.unknown", lang), listed, t("cases.not_given", lang))
