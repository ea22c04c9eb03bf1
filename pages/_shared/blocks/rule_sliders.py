"""The sliders of a rule: each shows the value in force first. Gives the rule as it stands on them."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import Any

import streamlit as st

from alerts.backtest import changed
from alerts.durations import written
from alerts.rules import Rule
from alerts.signals import signals
from alerts.state import SEVERITIES
from pages._shared import numbers
from pages._shared.frame import Frame
from pages._shared.text import Lang, plain, t, word
from pages._shared.theme import SEVERITY
from warehouse.problems import Problems

_SHARES = ("rate", "pp")
ALPHAS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
TIMES = (0, 1, 2, 3, 4, 6, 8, 12, 24, 48)  # evaluations


def choose(frame: Frame, box: Any, rule: Rule, values: list[float]) -> Rule | None:
    """The rule with what the sliders say; None, once said, where that is no rule. `values` are what its signal gave."""
    lang = frame.lang
    settings: dict[str, Any] = {}
    low, high, step = reach(rule, values)
    scale = 100.0 if is_share(rule) else 1.0
    for severity in (s for s in SEVERITIES if s in rule.steps):
        mark = SEVERITY[severity]
        label = t(
            f"bench.step_{'up' if rule.op in ('>', '>=') else 'down'}",
            lang,
            severity=f":{mark.colour}[{mark.glyph}] {word('severity', severity, lang)}",
            unit=plain(rule.unit.zh if lang == "zh" else rule.unit.en),
        )
        settings[severity] = _number(box, rule, severity, label, rule.steps[severity], (low, high, step), scale)
    if rule.recovery is not None:
        settings["recovery"] = _number(
            box, rule, "recovery", t("bench.recovery", lang), rule.recovery, (low, high, step), scale
        )
    for name, span in (("for", rule.hold), ("keep_firing_for", rule.keep)):
        if not (rule.is_list and name == "keep_firing_for"):
            settings[name] = _duration(box, rule, name, span, lang)
    if rule.min_n:
        settings["min_n"] = box.slider(
            t("bench.min_n", lang), 0, max(5 * rule.min_n, 100), value=rule.min_n, key=key_of(rule, "min_n")
        )
    own = rule.parameters.keys() - signals()[rule.signal].parameters
    if "alpha" in own:
        alpha = float(rule.parameters["alpha"])
        settings["alpha"] = box.select_slider(
            t("bench.alpha", lang), sorted({*ALPHAS, alpha}), value=alpha, format_func=lambda a: f"{a * 100:g}%",
            key=key_of(rule, "alpha"),
        )  # fmt: skip
    if "least" in own:
        least = int(float(rule.parameters["least"]))
        settings["least"] = box.slider(
            t("bench.least", lang), 1, max(5 * least, 20), value=least, key=key_of(rule, "least")
        )
    pushed = in_order(rule, settings, step)
    for name in (n for n in pushed if pushed[n] != settings[n]):
        label = t("bench.recovery", lang) if name == "recovery" else word("severity", name, lang)
        box.markdown(f":small[{t('bench.pushed', lang, name=label, value=value_text(rule, pushed[name]))}]")
    try:
        return changed(rule, settings | pushed)
    except Problems as error:
        box.warning(plain(str(error)), icon=":material/swap_vert:")
        return None


def in_order(rule: Rule, settings: dict[str, Any], step: float) -> dict[str, float]:
    """The thresholds with each severity at least a step stricter than the one before it, recovery not beyond the first.

    A slider that is moved past the next takes that one along.
    """
    if rule.op in ("==", "!="):
        return {}
    way = 1 if rule.op in (">", ">=") else -1
    found: dict[str, float] = {}
    for severity in (s for s in SEVERITIES if s in rule.steps):
        value = float(settings[severity])
        before = list(found.values())
        if before and way * (value - before[-1]) <= 0:
            value = round(before[-1] + way * step, 10)
        found[severity] = value
    first = next(iter(found.values()))
    if "recovery" in settings:
        beyond = way * (float(settings["recovery"]) - first) > 0
        found["recovery"] = first if beyond else float(settings["recovery"])
    return found


def key_of(rule: Rule, name: str) -> str:
    """The widget of one setting; another version in force has others, which begin anew."""
    return f"try_{rule.id}_{rule.version}_{name}"


def back(rule: Rule) -> None:
    """Put all sliders back to the version in force."""
    for key in list(st.session_state):
        if str(key).startswith(f"try_{rule.id}_"):
            del st.session_state[key]


def is_share(rule: Rule) -> bool:
    """Whether the values of a rule are shares, written in per cent."""
    found = re.search(r"\{value:(\w+)\}", rule.sentence.zh)
    written_as = found.group(1) if found else "rate" if all(0 < v < 1 for v in rule.steps.values()) else ""
    return written_as in _SHARES and max(abs(v) for v in rule.steps.values()) <= 5


def value_text(rule: Rule, value: float) -> str:
    """A threshold as people write it."""
    return f"{value * 100:.4g}%" if is_share(rule) else f"{value:.4g}"


def reach(rule: Rule, values: list[float]) -> tuple[float, float, float]:
    """From where to where the thresholds may be moved, and in which steps: around the thresholds, over what was seen.

    A signal that leaves out what lies under its floor cannot be asked for less.
    """
    steps = [*rule.steps.values(), *([rule.recovery] if rule.recovery is not None else [])]
    usual = {0.0, float(rule.parameters["floor"])} if "floor" in rule.parameters else {0.0}
    seen = sorted(v for v in values if v not in usual)
    ends = [seen[len(seen) // 50], seen[-1 - len(seen) // 200]] if seen else []
    span = max(steps) - min(steps) or abs(max(steps)) or 1.0
    low = min([min(steps) - 0.5 * span, *(e for e in ends if e > min(steps) - 4 * span)])
    high = max([max(steps) + span, *(e for e in ends if e < max(steps) + 6 * span)])
    if "floor" in rule.parameters:
        low = max(low, float(rule.parameters["floor"]))
    elif min(steps) >= 0:
        low = max(low, 0.0)
    if is_share(rule) and max(steps) <= 1 and rule.op in ("<", "<="):
        high = min(high, 1.0)
    whole = seen and all(float(v).is_integer() for v in [*seen, *steps])
    base = 10.0 ** math.floor(math.log10((high - low) / 60))
    step = next((base * m for m in (1, 2, 5, 10) if (high - low) / (base * m) <= 120), base * 10)
    if whole:
        step = max(1.0, float(round(step)))
        low = max(low, 1.0)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return min(round(low, 10), min(steps)), max(round(high, 10), max(steps)), round(step, 10)


def _number(
    box: Any, rule: Rule, name: str, label: str, value: float, ends: tuple[float, float, float], scale: float
) -> float:
    low, high, step = (round(v * scale, 8) for v in ends)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    chosen = box.slider(
        label,
        low,
        high,
        value=round(value * scale, 8),
        step=step,
        format=f"%.{places}f" + ("%%" if scale > 1 else ""),
        key=key_of(rule, name),
    )
    # The slider's own rounding must not make another threshold of the one in force.
    return value if math.isclose(chosen / scale, value, abs_tol=step / scale / 1e3) else round(chosen / scale, 10)


def _duration(box: Any, rule: Rule, name: str, span: timedelta, lang: Lang) -> str:
    options = sorted({*(rule.every * n for n in TIMES), span})

    def said(at: timedelta) -> str:
        return numbers.duration(at.total_seconds() / 60, lang) if at else t("bench.at_once", lang)

    chosen: timedelta = box.select_slider(
        t(f"bench.{'hold' if name == 'for' else 'keep'}", lang),
        options,
        value=span,
        format_func=said,
        key=key_of(rule, name),
    )
    return written(chosen)
