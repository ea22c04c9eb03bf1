"""重复: which types come back, after which answer of which department, the signs before, and the chains themselves."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, findings, hidden, numbers, states, url
from pages._shared.blocks import repeat_lists, repeats, solved_first
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.analysis.intervals import two_proportion_p
from warehouse.analysis.suppression import protect
from warehouse.measures import measures
from warehouse.periods import Period

MOST = 10
SIGNS = ("M16", "M17", "M14_7D", "M15", "M57", "M30", "M30_VAIN", "M31", "M32")
SURE = 0.05
WEEKS_BACK = 52
ORIGIN = ("before_dept", "before_answer")


def show(frame: Frame) -> None:
    if not data.supported(["M14"]):
        st.info(t("repeats.no_number", frame.lang), icon=":material/link_off:")
        return
    period = repeats.long_enough(frame)
    states.note(t("repeats.period", frame.lang, period=findings.period_text(period, frame.lang)))
    left, right = st.columns(2, gap="medium")
    with right:
        cells = _origins(frame, period)
    with left:
        origin = _origin(frame, cells)
        _types_after(frame, period, *origin) if origin else _types(frame, period)
    _signs(frame)
    solved_first.show(frame, _matured(frame))
    _evidence(frame)
    repeat_lists.chains(frame)


def _types(frame: Frame, period: Period) -> None:
    """Repeat rate by level-2 type, the largest numbers of repeats first."""
    lang = frame.lang
    asked = data.figures(["M14"], frame.viewer, [period], ["type_code"], frame.filters)
    shown = hidden.visible(frame, asked, "M14_den")
    shown = shown[shown["M14_num"].map(lambda n: not repeats.few(frame, n).startswith("<"))]
    shown = shown.sort_values(["M14_num", "type_code"], ascending=[False, True]).head(MOST)
    if shown.empty or shown["M14_num"].sum() == 0:
        repeats.nothing(frame, is_hidden=asked["M14_num"].fillna(1).sum() > 0)
        return
    shape = pd.DataFrame(
        {
            "key": shown["type_code"].astype(str),
            "label": [frame.name("type_code", c) for c in shown["type_code"]],
            "value": shown["M14"],
            "low": shown["M14_low"],
            "high": shown["M14_high"],
            "n": shown["M14_n"],
        }
    )
    top, aim = shape.iloc[0], frame.workspace.settings.targets.get("M14")
    title = t(
        "repeats.types",
        lang,
        type=top["label"],
        n=numbers.count(shown["M14_num"].iloc[0], lang),
        rate=numbers.rate(top["value"], lang),
    )
    draw.show(
        charts.ranked_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("repeats.types_subtitle", lang, n=hidden.total(frame, period)),
            target=aim.value if aim else None,
            select=True,
        ),
        **clicks.narrowing(frame, "repeat_types", {"key": "type_code"}),
        alt=charts.ranked_alt(shape, lang=lang, title=title),
    )


def _origins(frame: Frame, period: Period) -> pd.DataFrame:
    """Repeats by the department of the ticket before and how that one had been left.

    Gives the cells that are shown. A click on one shows its repeats by type, to who may see single tickets.
    """
    lang = frame.lang
    asked = data.figures(["M14_N"], frame.viewer, [period], ["before_dept", "before_answer"], frame.filters)
    cells = asked[asked["before_answer"] != "FIRST"].reset_index(drop=True)
    if cells.empty:
        repeats.nothing(frame, is_hidden=False)
        return cells
    too = protect(cells, "before_dept", "before_answer", "M14_N_num", "is_small") & (frame.viewer.level == "L1")
    value = cells["M14_N_num"].astype(float).mask(too)
    shape = cells.assign(
        row=[frame.name("owner_dept", code) for code in cells["before_dept"]],
        col=[frame.name("before_answer", code) for code in cells["before_answer"]],
        value=value,
        n=value,
        is_small=cells["is_small"].astype(bool),
        is_hidden_too=too.astype(bool),
    )
    shape["label"] = hidden.labels(frame, shape, [numbers.count(v, lang) for v in value])
    if value.notna().sum() == 0:
        repeats.nothing(frame, is_hidden=True)
        return cells
    by_answer = data.figures(["M14_N"], frame.viewer, [period], ["before_answer"], frame.filters)
    by_answer = by_answer[by_answer["before_answer"] != "FIRST"].set_index("before_answer")["M14_N_num"]
    whole = data.figures(["M14_N"], frame.viewer, [period], (), frame.filters)["M14_N_num"].sum()
    told = by_answer.get("solved")
    top = shape.loc[value.idxmax()]
    title = t("repeats.origins", lang, dept=top["row"], answer=top["col"], n=numbers.count(top["value"], lang))
    if told is not None and not pd.isna(told) and whole > 0:
        title = t("repeats.origins_solved", lang, share=numbers.rate(told / whole, lang), dept=top["row"])
    draw.show(
        charts.heat(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("repeats.origins_subtitle", lang, n=numbers.count(whole, lang)),
            row_order=_order(shape, "row"),
            col_order=_order(shape, "col"),
            row_title=t("column.owner_dept", lang),
            col_title=t("repeats.answer", lang),
            fields=ORIGIN,
            select=True,
        ),
        **clicks.choosing("repeat_origins", lambda mark: _choose_origin(frame, mark)),
        alt=charts.heat_alt(shape, lang=lang, title=title),
    )
    hidden.note(frame, shape)
    return cells


def _choose_origin(frame: Frame, mark: dict[str, Any]) -> None:
    if frame.viewer.sees_rows:
        st.session_state["origin"] = ",".join(str(mark[name]) for name in ORIGIN)
    else:
        clicks.may_not(frame)


def _origin(frame: Frame, cells: pd.DataFrame) -> tuple[str, str] | None:
    """The chosen department and answer of the ticket before, with the way back to all; None: all of them.

    Three dimensions at once are few people each, so managers stay with two.
    """
    if not frame.viewer.sees_rows:
        return None
    known = {
        f"{dept},{answer}": (str(dept), str(answer)) for dept, answer in cells[list(ORIGIN)].itertuples(index=False)
    }
    url.one("origin", ["", *known], "")
    chosen = known.get(st.session_state["origin"])
    if chosen:
        said = t("repeats.after", frame.lang, **_said(frame, *chosen))
        st.button(said, icon=":material/close:", type="tertiary", key="all_origins", on_click=_all_origins)
    return chosen


def _all_origins() -> None:
    st.session_state["origin"] = ""


def _said(frame: Frame, dept: str, answer: str) -> dict[str, str]:
    return {"dept": frame.name("owner_dept", dept), "answer": frame.name("before_answer", answer)}


def _types_after(frame: Frame, period: Period, dept: str, answer: str) -> None:
    """Repeats by level-2 type after tickets of one department that had been left in one way."""
    lang = frame.lang
    where = frame.filters.with_(before_dept=[dept], before_answer=[answer])
    asked = data.figures(["M14_N"], frame.viewer, [period], ["type_code"], where)
    shown = asked[asked["M14_N_num"] > 0].sort_values(["M14_N_num", "type_code"], ascending=[False, True])
    if shown.empty:
        repeats.nothing(frame, is_hidden=False)
        return
    shape = pd.DataFrame(
        {
            "key": shown["type_code"].astype(str),
            "label": [frame.name("type_code", c) for c in shown["type_code"]],
            "value": shown["M14_N_num"].astype(float),
        }
    )
    n = {"n": numbers.count(shape["value"].sum(), lang), "most": numbers.count(shape["value"].iloc[0], lang)}
    title = t("repeats.types_after", lang, type=shape["label"].iloc[0], **n, **_said(frame, dept, answer))
    subtitle = t("repeats.types_after_subtitle", lang, n=n["n"])
    shape = shape.head(MOST)
    draw.show(
        charts.count_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True),
        **clicks.narrowing(frame, "repeat_types_after", {"key": "type_code"}),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="count"),
    )


def _order(cells: pd.DataFrame, axis: str) -> list[str]:
    return [str(name) for name in cells.groupby(axis)["value"].sum().sort_values(ascending=False).index]


def _signs(frame: Frame) -> None:
    """What can be seen before somebody comes back: now, before, and on how many tickets it rests."""
    lang, comparison, kinds = frame.lang, frame.comparison, frame.day_kinds
    shown = data.supported(SIGNS)
    rows = []
    for measure in shown:
        asked = data.figures([measure], frame.viewer, [comparison.now, comparison.before], (), frame.filters)
        now, before = findings.row_of(asked, "now"), findings.row_of(asked, "before")
        if now is None or now["is_small"] or pd.isna(now[measure]):
            continue
        change = findings.change_of(measure, asked, "before", comparison, kinds, lang)
        rows.append(
            {
                "name": measures()[measure].name(lang),
                "now": findings.value_text(measure, now[measure], lang),
                "before": findings.value_text(measure, None if before is None else before[measure], lang),
                "change": f"{change.text} {change.word}".strip(),
                "n": numbers.count(now[f"{measure}_n"], lang),
            }
        )
    if rows:
        st.markdown("**" + t("repeats.signs", lang) + "**")
        headers = {k: t(f"repeats.sign_{k}", lang) for k in ("name", "now", "before", "change")}
        headers["n"] = t("chart.sample", lang)
        states.small_table(pd.DataFrame(rows), headers, alt=t("repeats.signs", lang))


def _matured(frame: Frame) -> Period:
    """A year of tickets that had their 30 days."""
    end = frame.as_of.date() - pd.Timedelta(days=29)
    return Period("now", end - pd.Timedelta(weeks=WEEKS_BACK), end, frame.as_of)


def _evidence(frame: Frame) -> None:
    """看依据: does the answer decide whether people come back, and in whose hands?"""
    lang, period = frame.lang, _matured(frame)
    if not data.supported(["M14_BACK"]):
        return
    with st.expander(t("repeats.evidence", lang)):
        states.note(t("repeats.matured", lang, period=findings.period_text(period, lang)))
        soon = data.figures(["M14_7D"], frame.viewer, [period], (), frame.filters).iloc[0]
        if not soon["is_small"] and soon["M14_7D_n"]:
            within = {"rate": numbers.rate(soon["M14_7D"], lang), "n": numbers.count(soon["M14_7D_n"], lang)}
            st.markdown(t("repeats.within_7d", lang, **within), help=data.measure_help("M14_7D", lang))
        by_answer = data.figures(["M14_BACK"], frame.viewer, [period], ["answer_kind"], frame.filters)
        if not by_answer["is_small"].any():
            st.markdown(_test(frame, by_answer.set_index("answer_kind")))
        asked = data.figures(["M14_BACK"], frame.viewer, [period], ["owner_dept"], frame.filters)
        asked = hidden.visible(frame, asked, "M14_BACK_den")
        asked = asked[(asked["owner_dept"] != "UNKNOWN") & (asked["M14_BACK_n"] > 0)]
        asked = asked.sort_values("M14_BACK", ascending=False)
        if asked.empty:
            states.few(frame)
            return
        shape = pd.DataFrame(
            {
                "key": asked["owner_dept"].astype(str),
                "label": [frame.name("owner_dept", c) for c in asked["owner_dept"]],
                "value": asked["M14_BACK"],
                "low": asked["M14_BACK_low"],
                "high": asked["M14_BACK_high"],
                "n": asked["M14_BACK_n"],
            }
        )
        title = t("repeats.by_dept", lang)
        subtitle = t("repeats.by_dept_subtitle", lang, n=numbers.count(asked["M14_BACK_n"].sum(), lang))
        draw.show(
            charts.ranked_bars(
                shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, evidence=True, select=True
            ),
            **clicks.narrowing(frame, "back_depts", {"key": "owner_dept"}),
            alt=charts.ranked_alt(shape, lang=lang, title=title),
        )


def _test(frame: Frame, by_answer: pd.DataFrame) -> str:
    """Solved against not solved or only recorded: rates, and whether they differ."""
    lang = frame.lang
    parts = by_answer.reindex(["solved", "unsolved", "recorded"])[["M14_BACK_num", "M14_BACK_den"]].fillna(0)
    good, bad = parts.loc["solved"], parts.loc[["unsolved", "recorded"]].sum()
    if good["M14_BACK_den"] == 0 or bad["M14_BACK_den"] == 0:
        return t("repeats.test_few", lang)
    p = float(two_proportion_p(good["M14_BACK_num"], good["M14_BACK_den"], bad["M14_BACK_num"], bad["M14_BACK_den"]))
    said = {
        "solved": numbers.rate(good["M14_BACK_num"] / good["M14_BACK_den"], lang),
        "n": numbers.count(good["M14_BACK_den"], lang),
        "other": numbers.rate(bad["M14_BACK_num"] / bad["M14_BACK_den"], lang),
        "m": numbers.count(bad["M14_BACK_den"], lang),
        "p": numbers.fixed(p, 3),
    }
    return t("repeats.test_differs", lang, **said) if p < SURE else t("repeats.test_same", lang, **said)
