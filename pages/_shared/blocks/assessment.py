"""考核: departments on five axes at equal types, as far as they can be told apart; persons to their own only."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_assessment, data_voice, draw, findings, numbers, states
from pages._shared.blocks import refunds
from pages._shared.blocks.voice_course import p_text
from pages._shared.data_assessment import AXES
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.analysis.assessment import scores
from warehouse.analysis.ranking import MIN_CASES
from warehouse.analysis.spread import LEAST_FREE, SURE, chance_p, depends_on_who, refunds_p
from warehouse.measures import measures
from warehouse.query import SMALL_CELL, Filters

Name = Callable[[str], str]
MOST_BELOW = 3  # departments named in the finding
STAFF_SHOWN = 6  # characters of a pseudonym


def show(frame: Frame) -> None:
    lang, period = frame.lang, frame.comparison.now
    st.title(t("assess.title", lang))
    whole = data.figures(["M01"], frame.viewer, [period], (), frame.filters).iloc[0]
    if whole["is_small"] or whole["M01"] == 0:
        states.nothing(frame, is_hidden=bool(whole["is_small"]))
        return
    shown = data.supported(list(AXES.values()))
    window = data_voice.window(period)
    when = findings.period_text(window, lang)
    if not shown:
        n = numbers.count(whole["M01"], lang, "tickets")
        _say(lang, [t("assess.no_log", lang, period=findings.period_text(period, lang), n=n)])
        states.unsupported(frame, list(AXES.values()))
        return
    axes = data_assessment.axes(frame.viewer, window, "owner_dept", _beside(frame, "owner_dept"))
    axes = axes[axes["unit"] != "UNKNOWN"]
    table = _scores(frame, axes)
    name: Name = lambda unit: frame.name("owner_dept", unit)  # noqa: E731
    _say(lang, _finding(table, axes, name, when, lang))
    _departments(frame, axes, table, name, when)
    _staff(frame)
    states.unsupported(frame, list(AXES.values()))


def _say(lang: Lang, parts: list[str]) -> None:
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))


def _beside(frame: Frame, unit: str) -> Filters:
    """The filters for a comparison of departments, which needs all of them; the chosen ones are what is then shown."""
    return frame.filters.without("owner_dept") if unit == "owner_dept" else frame.filters


def _chosen(frame: Frame, found: pd.DataFrame) -> pd.DataFrame:
    """The rows of the departments that the viewer narrowed to, or all."""
    wanted = dict(frame.filters.values).get("owner_dept")
    return found[found["unit"].isin(wanted)] if wanted else found


def _scores(frame: Frame, axes: pd.DataFrame) -> pd.DataFrame:
    return scores(axes, frame.workspace.settings.assessment.weights.by_axis(), seed=data_voice.SEED)


def _finding(table: pd.DataFrame, axes: pd.DataFrame, name: Name, when: str, lang: Lang) -> list[str]:
    """Who stands last and why; or that nobody can be told apart, and who is surely below the whole on single axes."""
    ranked = table[table["is_ranked"]]
    parts = [t("assess.finding", lang, period=when, n=len(table), ranked=len(ranked))]
    if ranked["group"].nunique() < 2:
        return [*parts, t("assess.alike", lang), *_below(axes, name, lang)]
    last = ranked[ranked["group"] == 1]
    worst = last.iloc[0]
    names = t("chart.list_separator", lang).join(name(u) for u in last["unit"].head(3))
    said = {"names": names, "score": _points(worst["score"]), "axis": word("assess.axis", worst["shortest"], lang)}
    parts.append(t("assess.last" if len(last) == 1 else "assess.last_group", lang, **said))
    return parts


def _below(axes: pd.DataFrame, name: Name, lang: Lang) -> list[str]:
    """The departments surely below the whole on an axis, most axes first: where to look although none is last."""
    sure = axes[(axes["n"] >= MIN_CASES) & (axes["high"] < axes["overall"])]
    if sure.empty:
        return []
    separator = t("chart.list_separator", lang)
    found = {str(u): [word("assess.axis", a, lang) for a in AXES if a in set(part["axis"])]
             for u, part in sure.groupby("unit")}  # fmt: skip
    order = sorted(found, key=lambda u: (-len(found[u]), u))[:MOST_BELOW]
    items = [t("assess.below_item", lang, dept=name(u), axes=separator.join(found[u])) for u in order]
    return [t("assess.below", lang, items=t("today.join", lang).join(items))]


def _departments(frame: Frame, axes: pd.DataFrame, table: pd.DataFrame, name: Name, when: str) -> None:
    lang = frame.lang
    left, right = st.columns([5, 7], gap="medium")
    apart = table["group"].nunique() > 1
    if not apart:
        # Without an order that holds, departments stand by name, not by a score that chance made.
        table = table.assign(label=[name(u) for u in table["unit"]]).sort_values("label", ignore_index=True)
    rows = table.dropna(subset=["score"])
    table, axes = _chosen(frame, table), _chosen(frame, axes)
    with left:
        shape = pd.DataFrame(
            {
                "key": rows["unit"],
                "label": [name(u) for u in rows["unit"]],
                "value": rows["score"],
                "low": rows["low"],
                "high": rows["high"],
                # Grey for who is not ranked.
                "n": [MIN_CASES if r else 0 for r in rows["is_ranked"]],
            }
        )
        title = findings.as_title(t("assess.scores" if apart else "chart.no_ranking", lang))
        subtitle = t("assess.scores_subtitle", lang, period=when)
        draw.show(
            charts.ranked_bars(
                shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, kind="count", select=True
            ),
            **clicks.narrowing(frame, "assess_scores", {"key": "owner_dept"}),
            alt=charts.ranked_alt(shape, lang=lang, title=title, kind="count"),
        )
    with right:
        _axis_table(frame, axes, table, name)
        spread = _consistency(frame)
        refunds_p_text = _refunds(frame)
        refunds.show(frame, data_voice.window(frame.comparison.now), when)
    with st.expander(t("word.evidence", lang)):
        _evidence(frame, axes, table, name, "owner_dept")
        if len(spread):
            headers = {c: word("assess.column", c, lang) for c in spread}
            states.small_table(spread, headers, alt=t("assess.spread", lang))
            states.note(t("assess.spread", lang))
        if refunds_p_text:
            states.note(t("assess.refunds_test", lang, p=refunds_p_text))


def _axis_table(frame: Frame, axes: pd.DataFrame, table: pd.DataFrame, name: Name) -> None:
    """Units by axes: the rate at equal types, marked where it surely differs from the whole."""
    lang = frame.lang
    weights = frame.workspace.settings.assessment.weights.by_axis()
    shown = [a for a in AXES if a in set(axes["axis"])]
    cells = axes.set_index(["unit", "axis"])
    apart = table["group"].nunique() > 1
    rows = []
    for row in table.itertuples():
        found = {a: _cell(cells.loc[(row.unit, a)], lang) for a in shown if (row.unit, a) in cells.index}
        rows.append(
            {
                "name": name(row.unit),
                **found,
                "group": word("voice.group", "worst" if row.group == 1 else "other", lang, n=int(row.group))
                if row.is_ranked and apart
                else numbers.DASH,
            }
        )
    headers = {
        "name": t("voice.unit", lang),
        **{a: f"{findings.as_title(word('assess.axis', a, lang))} {weights[a]:.0%}" for a in shown},
        **({"group": t("voice.grouped", lang)} if apart else {}),
    }
    st.markdown(f"**{t('assess.axes', lang)}**")
    states.small_table(pd.DataFrame(rows, columns=list(headers)), headers, alt=t("assess.axes", lang))
    states.note(t("assess.axes_note", lang, least=MIN_CASES))


def _consistency(frame: Frame) -> pd.DataFrame:
    """Says whether results depend on who handles a complaint; gives the table behind it, for the evidence."""
    lang, window = frame.lang, data_voice.window(frame.comparison.now)
    if not data.supported(["M35"]):
        return pd.DataFrame()
    asked = data.figures(["M35"], frame.viewer, [window], ["owner_dept"])
    asked = asked[asked["M35_den"].fillna(0) > 0].sort_values("M35", ascending=False)
    who = asked[depends_on_who(asked["M35_num"], asked["M35_den"])]
    if len(who):
        names = t("chart.list_separator", lang).join(frame.name("owner_dept", d) for d in who["owner_dept"])
        st.markdown(t("assess.differs", lang, names=names))
    elif len(asked):
        st.markdown(t("assess.consistent", lang))
    p = chance_p(asked["M35_num"], asked["M35_den"])
    return pd.DataFrame(
        {
            "name": [frame.name("owner_dept", d) for d in asked["owner_dept"]],
            "spread": [numbers.per_10k(v) for v in asked["M35"]],
            "free": [numbers.count(v, lang) for v in asked["M35_den"]],
            "p": [p_text(float(v)) for v in p],
        }
    )


def _refunds(frame: Frame) -> str:
    """Says whether the amount refunded for the same matter depends on who took it in, over the whole workspace; gives
    the p-value behind it for the evidence, empty where there is none."""
    lang, window = frame.lang, data_voice.window(frame.comparison.now)
    if not data.supported(["M35_PAID"]):
        return ""
    table = data.table("mart_refund_spread", frame.viewer)
    begun = pd.to_datetime(table["period_month"]).dt.date
    parts = table.loc[(begun >= window.first) & (begun < window.end)].drop(columns=["period_month", "type_l1"]).sum()
    p = refunds_p(parts["between_ss"], parts["n_free"], parts["within_ss"], parts["n_within"])
    if pd.isna(p) or parts["n_free"] < LEAST_FREE:
        return ""
    asked = data.figures(["M35_PAID"], frame.viewer, [window]).iloc[0]
    said = {"ratio": numbers.fixed(float(asked["M35_PAID"]), 1)}
    said["n"] = numbers.count(parts["n_free"] + parts["n_within"], lang)
    key = "assess.refunds_differ" if p < SURE else "assess.refunds_alike"
    st.markdown(t(key, lang, **said), help=data.measure_help("M35_PAID", lang))
    return p_text(p)


def _cell(cell: pd.Series, lang: Lang) -> str:
    if pd.isna(cell["adjusted"]):
        return numbers.DASH
    if cell["n"] < SMALL_CELL:
        return f"<{SMALL_CELL}"
    rate = numbers.rate(cell["adjusted"], lang)
    if cell["n"] < MIN_CASES:
        return f"({rate})"
    if cell["high"] < cell["overall"]:
        return f"▼ {rate}"
    return f"▲ {rate}" if cell["low"] > cell["overall"] else rate


def _evidence(frame: Frame, axes: pd.DataFrame, table: pd.DataFrame, name: Name, unit: str) -> None:
    """Raw and expected rates with n, the interval of the score, time at the department, and what is fair to say."""
    lang = frame.lang
    total = pd.DataFrame(
        {
            "name": [name(u) for u in table["unit"]],
            "score": [f"{_points(r.score)} ({_points(r.low)}–{_points(r.high)})" for r in table.itertuples()],
            "own": [f"{v:.0%}" for v in table["own"]],
            "short": [_short(r, lang) for r in table.itertuples()],
        }
    )
    took = data_assessment.hours(frame.viewer, data_voice.window(frame.comparison.now), unit, _beside(frame, unit))
    hours = took.set_index("unit").reindex(table["unit"])
    total["hours"] = [
        t("assess.hours", lang, mean=numbers.duration(m * 60, lang), expected=numbers.duration(e * 60, lang))
        if pd.notna(m) and n >= SMALL_CELL
        else numbers.DASH
        for m, e, n in zip(hours["mean"], hours["expected"], hours["n"].fillna(0), strict=True)
    ]
    headers = {c: word("assess.column", c, lang) for c in total}
    states.small_table(total, headers, alt=t("assess.method", lang))
    chosen = axes[axes["n"] >= SMALL_CELL].sort_values(["axis", "adjusted"])
    proof = pd.DataFrame(
        {
            "axis": [word("assess.axis", a, lang) for a in chosen["axis"]],
            "name": [name(u) for u in chosen["unit"]],
            "raw": [f"{numbers.rate(r.rate, lang)} (n={r.n:,.0f})" for r in chosen.itertuples()],
            "expected": [numbers.rate(v, lang) for v in chosen["expected"]],
            "adjusted": [
                f"{numbers.rate(r.adjusted, lang)} ({numbers.rate(r.low, lang)}–{numbers.rate(r.high, lang)})"
                for r in chosen.itertuples()
            ],
        }
    )
    names = {c: word("assess.column", c, lang) for c in proof}
    states.small_table(proof, names, alt=t("assess.method", lang))
    for measure in data.supported(list(AXES.values())):
        entry = measures()[measure]
        states.note(f"{entry.name(lang)}: {entry.caveat.zh if lang == 'zh' else entry.caveat.en}")
    states.note(t("assess.method", lang))
    states.note(t("assess.fair", lang))


def _points(score: float) -> str:
    return numbers.DASH if pd.isna(score) else numbers.fixed(float(score), 1)


def _short(row: object, lang: Lang) -> str:
    axis, gap = getattr(row, "shortest", None), getattr(row, "gap", float("nan"))
    if axis is None or pd.isna(gap) or gap >= -0.05:
        return numbers.DASH
    return f"{word('assess.axis', str(axis), lang)} {numbers.fixed(gap, 1)}"


def _staff(frame: Frame) -> None:
    """Persons, under a pseudonym, to the supervisor and handlers of their own department; a line to everybody else."""
    lang = frame.lang
    if not data_assessment.sees_staff(frame.viewer):
        states.note(t("assess.no_staff", lang))
        return
    window = data_voice.window(frame.comparison.now)
    axes = data_assessment.axes(frame.viewer, window, "staff_key", frame.filters)
    table = _scores(frame, axes)
    name: Name = lambda unit: t("assess.member", lang, key=unit[:STAFF_SHOWN])  # noqa: E731
    st.subheader(t("assess.staff", lang, n=len(table)))
    if table["group"].nunique() < 2:
        states.note(t("assess.staff_alike", lang))
        # Without an order that holds, by pseudonym.
        table = table.sort_values("unit", ignore_index=True)
    _axis_table(frame, axes, table, name)
    with st.expander(t("word.evidence", lang)):
        _evidence(frame, axes, table, name, "staff_key")
