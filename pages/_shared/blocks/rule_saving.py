"""Keeping a changed rule: the form with its reason, the versions there were, and what outcomes suggest."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alerts.backtest import Backtest
from alerts.durations import parse
from alerts.learnt import suggestion
from alerts.rules import Rule, Standing
from alerts.state import SEVERITIES
from alerts.versions import LONGEST_REASON, NotSaved, Overtaken, Version, with_standing
from alerts.workbench import Figures
from pages._shared import clock, data_rules, numbers, states, tables, typed, warning_words
from pages._shared.access import trail
from pages._shared.blocks.rule_sliders import is_share, key_of, value_text
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import Lang, t, word

STANDINGS: tuple[Standing, ...] = ("trial", "sending", "off")
# Who only handles or audits changes no rule.
MAY_NOT = frozenset({"handler", "auditor"})
_SAID = "_rule_saved"
REASON_WIDTH = 320  # px: on a phone a line of its own


def form(frame: Frame, rule: Rule, tried: Rule, tested: Backtest, told: Figures) -> None:
    """Save what stands on the sliders as the next version, with the state and a reason."""
    lang = frame.lang
    said = st.session_state.pop(_SAID, None)
    if said:
        st.success(said, icon=":material/check:")
    if frame.viewer.role in MAY_NOT:
        states.note(t("bench.may_not_save", lang, role=word("role", frame.viewer.role, lang)))
        return
    with st.container(border=True, key="bench_save"):
        st.markdown(f"**{t('bench.save', lang, n=rule.version + 1)}**")
        box = st.container(horizontal=True, vertical_alignment="bottom", key="bench_save_row")
        standing = box.segmented_control(
            t("rules.state", lang),
            STANDINGS,
            default=rule.standing,
            required=True,
            format_func=lambda s: word("rules.standing", s, lang),
            key=key_of(rule, "standing"),
        )
        reason = box.text_input(
            t("bench.reason", lang),
            max_chars=LONGEST_REASON,
            placeholder=t("bench.reason_hint", lang),
            key=key_of(rule, "reason"),
            width=REASON_WIDTH,
        )
        wanted = with_standing(tried, standing or rule.standing)
        is_same = wanted == rule
        pressed = box.button(
            t("bench.save_button", lang),
            type="primary",
            disabled=is_same,
            icon=":material/save:",
            key="bench_save_button",
        )
        states.note(t("bench.nothing_changed" if is_same else "bench.takes_effect", lang))
    if pressed:
        _save(frame, rule, wanted, tested, told, reason)


def _save(frame: Frame, rule: Rule, wanted: Rule, tested: Backtest, told: Figures, reason: str) -> None:
    lang = frame.lang
    reason = typed.public(reason or "")
    by = trail.signed(frame.viewer, "rule", rule.id, reason=reason[:200])
    try:
        number = data_rules.save(
            wanted,
            rule,
            tested,
            told,
            by,
            reason or "",
            clock.now(frame.workspace),
        )
    except NotSaved as error:
        st.warning(t(f"bench.needs_{error.what}", lang), icon=":material/edit_note:")
    except Overtaken as error:
        by = warning_words.person(error.by, lang)
        st.warning(t("bench.overtaken", lang, n=error.version, by=by), icon=":material/sync_problem:")
    else:
        st.session_state[_SAID] = t("bench.saved", lang, rule=rule.id, n=number)
        st.rerun(scope="app")


def suggested(frame: Frame, rule: Rule) -> None:
    """What the outcomes people recorded suggest; taken up by a person, or not."""
    lang = frame.lang
    found = suggestion(rule, data_rules.judged(rule))
    if found is None:
        return
    values = {"n": found.n, "precision": numbers.rate(found.precision, lang)}
    if found.kind == "retire" or found.threshold is None:
        st.info(t("bench.suggest_retire", lang, **values), icon=":material/lightbulb:")
        return
    first = next(s for s in SEVERITIES if s in rule.steps)
    values |= {"threshold": value_text(rule, found.threshold), "real": found.n_real, "false": found.n_false}
    st.info(t("bench.suggest_raise", lang, **values), icon=":material/lightbulb:")
    shown = found.threshold * (100 if is_share(rule) else 1)
    st.button(
        t("bench.try_it", lang), on_click=_put, args=[key_of(rule, first), shown], type="tertiary", key="bench_try"
    )


def _put(key: str, value: float) -> None:
    st.session_state[key] = value


def history(frame: Frame, rule: Rule) -> None:
    """The versions people saved, with their reasons and what their backtests said then."""
    lang = frame.lang
    saved = data_rules.saved(rule)
    with st.expander(t("bench.history", lang, n=len(saved))):
        if not saved:
            states.note(t("bench.no_history", lang))
            return
        shape = pd.DataFrame([_row(frame, rule, v) for v in saved])
        columns = [
            Column("version", t("rules.version", lang), width="small"),
            Column("at", t("bench.when", lang)),
            Column("by", t("bench.by", lang)),
            Column("state", t("rules.state", lang)),
            Column("settings", t("bench.settings", lang), width="large"),
            Column("told", t("bench.told", lang)),
            Column("reason", t("bench.reason", lang), width="large"),
        ]
        tables.show(st, shape, columns, lang=lang, alt=t("bench.history", lang, n=len(saved)), height="content")


def _row(frame: Frame, rule: Rule, version: Version) -> dict[str, str]:
    lang = frame.lang
    per_week = numbers.fixed(float(version.backtest["per_week"]), 1)
    return {
        "version": f"v{version.version}",
        "at": numbers.moment(version.changed_at, lang),
        "by": warning_words.person(version.changed_by, lang),
        "state": word("rules.standing", version.settings["standing"], lang),
        "settings": settings_in_words(rule, version.settings, lang),
        "told": t("bench.told_n", lang, n=version.backtest["n"], per_week=per_week),
        "reason": version.reason,
    }


def settings_in_words(rule: Rule, settings: Any, lang: Lang) -> str:
    """黄 1.5 · 橙 2.5 · 保持6.0小时."""
    parts = [
        f"{word('severity', s, lang)} {value_text(rule, float(settings['steps'][s]))}"
        for s in SEVERITIES
        if s in settings["steps"]
    ]
    if settings["recovery"] is not None:
        parts.append(f"{t('bench.recovery', lang)} {value_text(rule, float(settings['recovery']))}")
    for name, key in (("for", "hold"), ("keep_firing_for", "keep")):
        span = parse(settings[name])
        if span:
            parts.append(f"{t(f'bench.{key}', lang)} {numbers.duration(span.total_seconds() / 60, lang)}")
    if settings["min_n"]:
        parts.append(f"n≥{settings['min_n']}")
    return " · ".join(parts)
