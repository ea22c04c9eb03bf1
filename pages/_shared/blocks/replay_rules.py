"""The rules that can be changed in a replay: choosing one, saying it in words, what it takes, what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import streamlit as st

from pages._shared import data, data_replay, numbers, states, url
from pages._shared.data_replay import Question, Replayed
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis import replay
from warehouse.analysis.replay import Rule

RULES = ("duty", "approval", "partner", "firstline")
FIRST_TYPES = 2
WORKING_DAYS = 5 / 7


@dataclass(frozen=True)
class Cost:
    """What a change takes: the name of the figure, its value, and a line of small print."""

    name: str
    value: str
    note: str


def choose(frame: Frame) -> Question | None:
    """The controls, seeded from the link. None, once said, where there is nothing to choose from."""
    lang = frame.lang
    url.one("rule", RULES, "duty")
    rule = st.segmented_control(
        t("replay.choose", lang),
        RULES,
        required=True,
        format_func=lambda r: word("replay.rule", r, lang),
        key="rule",
    )
    box = st.container(horizontal=True, vertical_alignment="bottom", key="replay_choices")
    if rule == "duty":
        return Question(Rule("duty"), _desk(frame, box), _policy(frame, box))
    if rule == "firstline":
        types = _types(frame, box)
        return Question(Rule("firstline", types), "", _policy(frame, box)) if types else None
    return Question(Rule("approval" if rule == "approval" else "partner"), "", _policy(frame, box))


def _policy(frame: Frame, box: Any) -> str:
    """By which limits: those in force at each acceptance, or one policy for all."""
    options = ["", *data_replay.policies()]
    url.one("regime", options, "")
    names = policy_names(frame)
    chosen = box.selectbox(
        t("replay.policy", frame.lang),
        options,
        format_func=lambda p: names.get(p, p) if p else t("replay.in_force", frame.lang),
        key="regime",
        width=260,
    )
    return str(chosen or "")


def policy_names(frame: Frame) -> dict[str, str]:
    table = data.table("dim_policy", frame.viewer).drop_duplicates("policy_id")
    return dict(zip(table["policy_id"], table[frame.lang], strict=True))


def _desk(frame: Frame, box: Any) -> str:
    """Departments that are closed on weekends; at first the one where most time passes."""
    depts = data.table("dim_dept", frame.viewer)
    closed = set(
        depts.loc[~depts["works_weekend"].fillna(False).astype(bool) & (depts["kind"] != "PARTNER"), "dept_code"]
    )
    asked = data.figures(["M26"], frame.viewer, [frame.comparison.now], ["dept"], frame.filters)
    order = list(asked.sort_values("M26_num", ascending=False)["dept"])
    options = [d for d in order if d in closed] or order or [""]
    url.one("desk", options, options[0])
    desk = box.selectbox(
        t("replay.desk", frame.lang),
        options,
        format_func=lambda d: frame.name("owner_dept", d),
        key="desk",
        width=260,
    )
    return str(desk or options[0])


def _types(frame: Frame, box: Any) -> frozenset[str]:
    late = data_replay.late_types(frame.viewer, frame.comparison.now, frame.filters)
    if late.empty:
        st.info(t("replay.no_first_line", frame.lang, n=replay.LEAST_FIRST_LINE), icon=":material/support_agent:")
        return frozenset()
    options = list(late["type_code"])
    url.many("settle", options)
    chosen = box.multiselect(
        t("replay.types", frame.lang),
        options,
        format_func=lambda c: frame.name("type_code", c),
        key="settle",
        placeholder=_list(frame, options[:FIRST_TYPES]),
        width=520,
    )
    return frozenset(chosen or options[:FIRST_TYPES])


def partners(frame: Frame) -> frozenset[str]:
    depts = data.table("dim_dept", frame.viewer)
    return frozenset(depts.loc[depts["kind"] == "PARTNER", "dept_code"])


def in_words(frame: Frame, question: Question) -> str:
    """如果网络优化部周末和节假日有人值班."""
    lang, kind = frame.lang, question.rule.kind
    return t(
        f"replay.if_{kind}",
        lang,
        dept=frame.name("owner_dept", question.desk),
        types=_list(frame, sorted(question.rule.types)),
    )


def cost(frame: Frame, question: Question, result: Replayed) -> Cost:
    """What somebody would have to do for it, from the replayed tickets themselves."""
    lang, kind, period = frame.lang, question.rule.kind, frame.comparison.now
    if kind == "duty":
        days = data.table("dim_date", frame.viewer)
        last = min(period.last, frame.as_of.date())
        inside = days[(days["date_on"].dt.date >= period.first) & (days["date_on"].dt.date <= last)]
        n_off = int((~inside["is_workday"].astype(bool)).sum())
        a_day = result.desk_days / n_off if n_off else 0.0
        return Cost(
            t("replay.cost_duty", lang),
            t("replay.a_day", lang, n=numbers.count(a_day, lang)),
            t("replay.cost_duty_note", lang, days=n_off),
        )
    touched = numbers.count(result.touched, lang, "tickets")
    if kind == "firstline":
        a_day = result.touched / max(1.0, _days(frame) * WORKING_DAYS)
        return Cost(
            t("replay.cost_firstline", lang), touched, t("replay.cost_firstline_note", lang, n=numbers.fixed(a_day, 1))
        )
    return Cost(t(f"replay.cost_{kind}", lang), touched, t(f"replay.cost_{kind}_note", lang))


def _days(frame: Frame) -> int:
    period = frame.comparison.now
    last = min(period.end, frame.as_of.date() + timedelta(1))
    return max(1, (last - period.first).days)


def evidence(frame: Frame, question: Question, result: Replayed) -> None:
    """The assumptions in words, always readable; the method under the evidence."""
    lang, effect = frame.lang, result.strict
    low, high = (numbers.target(share, "rate", lang) for share in (replay.LOW, replay.HIGH))
    st.markdown(
        "\n".join(
            [
                f"**{t('replay.assumed', lang)}**",
                "",
                f"- {t(f'replay.assume_{question.rule.kind}', lang, low=low, high=high)}",
                f"- {t('replay.assume_rest', lang)}",
                f"- {t('replay.assume_open', lang)}",
                f"- {_limits_in_words(frame, question)}",
            ]
        )
    )
    with st.expander(t("word.evidence", lang)):
        sample = {"n": numbers.count(effect.n, lang, "tickets"), "m": numbers.count(effect.n_replayed, lang, "tickets")}
        states.note(t("replay.method_all" if effect.n_replayed >= effect.n else "replay.method_sample", lang, **sample))
        states.note(t("replay.method", lang, draws=numbers.count(replay.DRAWS, lang), low=low, high=high))
        states.note(t("replay.method_check", lang, value=numbers.rate(effect.before, lang)))


def _limits_in_words(frame: Frame, question: Question) -> str:
    if not question.policy:
        return t("replay.assume_in_force", frame.lang)
    return t("replay.assume_policy", frame.lang, policy=policy_names(frame).get(question.policy, question.policy))


def _list(frame: Frame, codes: list[str]) -> str:
    return t("chart.list_separator", frame.lang).join(frame.name("type_code", c) for c in codes)
