"""规则, the workbench: one rule, its sliders, and at once the warnings it would have raised in the last 26 weeks."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from alerts import workbench
from alerts.backtest import WEEKS, Backtest, over
from alerts.load import flood_weeks
from alerts.rules import Rule
from alerts.sentence import scope_name, sentence
from alerts.workbench import Decided, Figures
from pages._shared import data_rules, data_warnings, draw, numbers, states, tables, url
from pages._shared.blocks import rule_saving, rule_sliders, rule_table
from pages._shared.charts.episodes import episode_weeks, episode_weeks_alt
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import plain, t, word

FIRST = "RC01"
MOST_MISSED = 5


def show(frame: Frame) -> None:
    lang = frame.lang
    rules = data_warnings.rules()
    st.title(t("rules.title", lang))
    url.one("rule", rules, FIRST if FIRST in rules else next(iter(rules)))
    number = st.selectbox(
        t("bench.rule", lang),
        list(rules),
        format_func=lambda r: f"{r} {rules[r].name(lang)} · {word('rules.standing', rules[r].standing, lang)}",
        key="rule",
        width=420,
    )
    rule = rules[number]
    if frame.viewer.is_limited:  # a rule is tried on the whole city, thing by thing
        states.note(t("rules.whole_city", lang))
        _about(frame, rule, None)
        _catalogue(frame, rules)
        return
    with st.spinner(t("bench.reading", lang, weeks=WEEKS)):
        data_rules.in_force(rule)
    _bench(frame, rule)
    rule_saving.history(frame, rule)
    _catalogue(frame, rules)


@st.fragment
def _bench(frame: Frame, rule: Rule) -> None:
    """All that a slider moves; the rest of the page stays as it is."""
    lang = frame.lang
    head, about = st.container(), st.container()
    left, right = st.columns([1, 2], gap="medium")
    read, now = data_rules.history(rule), data_rules.in_force(rule)
    with left:
        rule_saving.suggested(frame, rule)
        tried = rule_sliders.choose(frame, st, rule, data_rules.values(rule))
        if tried is not None and tried != rule:
            st.button(
                t("bench.back", lang), icon=":material/undo:", on_click=rule_sliders.back, args=[rule], type="tertiary",
                key="bench_back",
            )  # fmt: skip
    new = over(tried, read) if tried is not None and tried != rule else None
    judged = data_rules.judged(rule)
    told = data_rules.figures(now, rule)
    told_new = data_rules.figures(new, rule) if new is not None else None
    missed = workbench.missed(now, new, judged) if new is not None else []
    head.markdown("## " + _finding(frame, rule, told, told_new, missed, bool(judged)))
    with about:
        _about(frame, rule, now)
    with right:
        _picture(frame, rule, now, new)
        rule_table.show(frame, rule, told, told_new)
    if missed:
        _missed(frame, rule, missed)
    tested, figures = (new, told_new) if new is not None else (now, told)
    if tried is not None and figures is not None:
        rule_saving.form(frame, rule, tried, tested, figures)
    rule_table.evidence(frame, rule, told, told_new)


def _finding(
    frame: Frame, rule: Rule, told: Figures, new: Figures | None, missed: list[Decided], any_judged: bool
) -> str:
    """比现行第1版少报31条，漏掉2条已确认属实的."""
    lang = frame.lang
    values = {
        "weeks": WEEKS,
        "version": rule.version,
        "n": numbers.count(told.n, lang),
        "per_week": numbers.fixed(told.per_week, 1),
        "floods": told.n_floods,
    }
    if new is None:
        said = t("bench.finding_now" if told.n else "bench.finding_silent", lang, **values)
    else:
        gap = new.n - told.n
        values |= {"n": numbers.count(new.n, lang), "gap": numbers.count(abs(gap), lang)}
        said = t(f"bench.finding_{'less' if gap < 0 else 'more' if gap else 'same'}", lang, **values)
        if missed:
            said += t("bench.and_misses", lang, n=len(missed))
        elif any_judged:
            said += t("bench.and_misses_none", lang)
        else:
            said += t("bench.and_unjudged", lang)
    return said + t("today.stop", lang)


def _about(frame: Frame, rule: Rule, now: Backtest | None) -> None:
    """What the rule is: state, owner, why, what it says of its newest warning, what to do, when it is wrong."""
    lang = frame.lang
    zh = lang == "zh"
    parts = [
        f":gray-badge[{word('rules.standing', rule.standing, lang)}]",
        f":gray-badge[{t('bench.version', lang, n=rule.version)}]",
        t("bench.owner", lang, name=frame.name("owner_dept", rule.owner)),
    ]
    lines = [" ".join(parts), f"**{t('bench.why', lang)}** {plain(rule.rationale.zh if zh else rule.rationale.en)}"]
    if now is not None and now.episodes and (rule.scope != "ticket" or frame.viewer.sees_rows):
        newest = now.episodes[-1]
        said = sentence(rule, newest.scope, newest.evidence, data_warnings.called(frame.viewer), lang)
        lines.append(f"**{t('bench.says', lang)}** {plain(said)}")
    lines.append(f"**{t('bench.do', lang)}** {plain(rule.runbook.zh if zh else rule.runbook.en)}")
    lines.append(f"**{t('bench.noise', lang)}** {plain(rule.noise.zh if zh else rule.noise.en)}")
    st.markdown("  \n".join(lines))


def _picture(frame: Frame, rule: Rule, now: Backtest, new: Backtest | None) -> None:
    lang = frame.lang
    lanes = (t("bench.lane_now", lang, version=rule.version), t("bench.lane_new", lang))
    shape = pd.concat(
        [_rows(frame, rule, "now", now, new), *([_rows(frame, rule, "new", new, now)] if new is not None else [])],
        ignore_index=True,
    )
    weeks = int(now.n_weeks)
    floods = {
        lane: [n for n, is_flood in enumerate(flood_weeks(list(found.by_week().values()))) if is_flood]
        for lane, found in (("now", now), ("new", new))
        if found is not None
    }
    about = [i for i in data_rules.incidents() if workbench.concerns(rule, i) and now.begin < i.started_at <= now.end]
    title = t("bench.chart" if new is None else "bench.chart_both", lang, weeks=WEEKS)
    draw.show(
        episode_weeks(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t(
                "bench.chart_key" if new is None else "bench.chart_key_both", lang, n=numbers.count(len(shape), lang)
            ),
            first=now.begin.date(),
            n_weeks=weeks,
            floods=floods,
            incidents=[((i.started_at - now.begin) / timedelta(weeks=1) - 0.5, i.title) for i in about],
            lanes=lanes,
        ),
        alt=episode_weeks_alt(shape, lang=lang, title=title, lanes=lanes),
    )


def _rows(frame: Frame, rule: Rule, lane: str, found: Backtest, other: Backtest | None) -> pd.DataFrame:
    """One row a warning, as `episode_weeks` wants them."""
    alone = workbench.gone(found, other) if other is not None else [False] * len(found.episodes)
    state = "gone" if lane == "now" else "added"
    names, is_shown = data_warnings.called(frame.viewer), rule.scope != "ticket" or frame.viewer.sees_rows
    rows = [
        (
            lane,
            int((e.fired_at - found.begin) / timedelta(weeks=1)),
            e.severity,
            state if is_alone else "kept",
            f"{numbers.moment(e.fired_at, frame.lang)} "
            + (scope_name(rule.scope, e.scope, names, frame.lang) if is_shown else ""),
        )
        for e, is_alone in zip(found.episodes, alone, strict=True)
    ]
    return pd.DataFrame(rows, columns=["lane", "week", "severity", "state", "text"])


def _missed(frame: Frame, rule: Rule, missed: list[Decided]) -> None:
    """What people found right and the changed rule would not have told, with a way to each."""
    lang = frame.lang
    names = data_warnings.called(frame.viewer)
    lines = [f"**{t('bench.missed', lang, n=len(missed))}**", ""]
    for one in missed[:MOST_MISSED]:
        where = scope_name(rule.scope, one.scope, names, lang)
        lines.append(f"- [{numbers.moment(one.fired_at, lang)} {plain(where)}](/warning?id={one.warning_id})")
    if len(missed) > MOST_MISSED:
        lines.append(f"- {t('bench.missed_more', lang, n=len(missed) - MOST_MISSED)}")
    st.markdown("\n".join(lines))


def _catalogue(frame: Frame, rules: dict[str, Rule]) -> None:
    """Every rule with its owner, state, version and what it has raised."""
    lang = frame.lang
    raised = data_rules.raised(frame.viewer, frame.as_of - timedelta(weeks=WEEKS))
    sending = sum(r.standing == "sending" for r in rules.values())
    with st.expander(t("rules.finding", lang, n=len(rules), sending=sending, trial=len(rules) - sending)):
        shape = pd.DataFrame(
            [
                {
                    "rule": f"{r.id} {r.name(lang)}",
                    "owner": frame.name("owner_dept", r.owner),
                    "standing": word("rules.standing", r.standing, lang),
                    "version": f"v{r.version}",
                    "raised": raised.get(r.id, 0),
                }
                for r in rules.values()
            ]
        )
        columns = [
            Column("rule", t("rules.rule", lang), width="large"),
            Column("owner", t("rules.owner", lang)),
            Column("standing", t("rules.state", lang)),
            Column("version", t("rules.version", lang)),
            Column("raised", t("rules.raised", lang, n=WEEKS), "count"),
        ]
        tables.show(st, shape, columns, lang=lang, alt=t("rules.title", lang), height="content")
        states.note(t("bench.raised_note", lang))
