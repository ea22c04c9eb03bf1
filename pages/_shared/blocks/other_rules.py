"""换规则: the same tickets under several rules, side by side, and which conclusions depend on the rule."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_flow, draw, findings, hidden, numbers, states, url
from pages._shared.blocks.limits_kept import enough
from pages._shared.frame import Frame
from pages._shared.text import Lang, t
from warehouse.analysis.rules import Conclusions, conclude
from warehouse.policies import FINAL, regimes

DIMENSIONS = ("type_l1", "owner_dept")
BESIDE = ("STRETCH", "CODE-7", "REG-FLOOR")  # shown beside those in force while nothing is chosen
MOST_FLIPS = 3


def show(frame: Frame) -> None:
    lang = frame.lang
    offered = [i for i, r in regimes().items() if any(row.stage == FINAL and row.is_measured for row in r.rows)]
    url.many("policy", offered)
    assigned = [a.policy for a in frame.workspace.settings.policies]
    chosen = st.multiselect(
        t("filter.policy", lang),
        offered,
        format_func=lambda i: regimes()[i].name(lang),
        key="policy",
        placeholder=t("rules.default", lang),
    ) or list(dict.fromkeys([*assigned, *BESIDE]))
    chosen = [i for i in offered if i in chosen]
    by = {d: _judged(frame, d, chosen) for d in DIMENSIONS}
    told = data_flow.judged(frame.viewer, frame.comparison.now, frame.filters)
    whole = told[(told["stage"] == FINAL) & told["policy_id"].isin(chosen) & enough(frame, told["n"])]
    whole = whole.set_index("policy_id").reindex([i for i in chosen if i in set(whole["policy_id"])]).reset_index()
    if whole.empty:
        states.note(t("rules.none", lang))
        return
    aim = frame.workspace.settings.targets.get("M04")
    _sentences(frame, by, None if aim is None else aim.value)
    left, right = st.columns(2, gap="medium")
    for box, dimension in zip((left, right), DIMENSIONS, strict=True):
        with box:
            _dots(frame, dimension, by[dimension], None if aim is None else aim.value)
    _table(frame, whole)
    with st.expander(t("word.evidence", lang)):
        states.note(t("rules.method", lang))
        states.note(t("rules.sources", lang))
        for i in chosen:
            source = regimes()[i].source
            st.markdown(f"- {regimes()[i].name(lang)}: {source.zh if lang == 'zh' else source.en}")


def _judged(frame: Frame, dimension: str, chosen: list[str]) -> pd.DataFrame:
    """rule, group, k, n, value of the groups that this role may see, the largest first."""
    told = data_flow.judged(frame.viewer, frame.comparison.now, frame.filters, by=[dimension])
    told = told[(told["stage"] == FINAL) & told["policy_id"].isin(chosen)]
    asked = data.figures(["M01"], frame.viewer, [frame.comparison.now], [dimension], frame.filters)
    seen = hidden.visible(frame, asked, "M01_num").sort_values("M01", ascending=False)[dimension]
    at = {code: place for place, code in enumerate(seen)}
    told = told[told[dimension].isin(at)]
    shape = pd.DataFrame(
        {
            "rule": told["policy_id"],
            "group": told[dimension],
            "k": told["n_on_time"],
            "n": told["matured_n"],
            "value": told["matured"],
        }
    )
    order = shape["group"].map(at) * 100 + shape["rule"].map({rule: n for n, rule in enumerate(chosen)})
    return shape.loc[order.sort_values().index].reset_index(drop=True)


def _sentences(frame: Frame, by: dict[str, pd.DataFrame], target: float | None) -> None:
    """Which conclusions hold under every rule chosen, and which turn with it."""
    lang = frame.lang
    said = []
    for at, (dimension, shape) in enumerate(by.items()):
        told = conclude(shape, target)
        if at == 0:
            said += target_sentence(told, target, lang)
        said += group_sentences(told, dimension, frame.name, lang)
    st.markdown("\n".join(f"- {findings.as_title(s)}{t('today.stop', lang)}" for s in said))


def target_sentence(told: Conclusions, target: float | None, lang: Lang) -> list[str]:
    """Whether the target is met depends on the rule, or does not."""
    if target is None or not (told.met or told.missed):
        return []
    aim = numbers.target(target, "rate", lang)
    if not told.met:
        return [t("rules.missed_all", lang, target=aim)]
    if not told.missed:
        return [t("rules.met_all", lang, target=aim)]
    return [t("rules.met_some", lang, target=aim, met=_names(told.met, lang), missed=_names(told.missed, lang))]


def group_sentences(told: Conclusions, dimension: str, name: findings.Name, lang: Lang) -> list[str]:
    """Who is last under every rule, and whose order turns with it."""
    said = []
    if told.worst is not None:
        key = "rules.worst" if not told.level else "rules.worst_but"
        said.append(t(key, lang, group=name(dimension, told.worst), level=_names(told.level, lang)))
    elif told.worst_by:
        groups = list(dict.fromkeys(told.worst_by.values()))
        under = {g: tuple(r for r, last in told.worst_by.items() if last == g) for g in groups}
        each = t("chart.list_separator", lang).join(
            t("rules.worst_under", lang, rule=_names(under[g], lang), group=name(dimension, g)) for g in groups
        )
        said.append(t("rules.worst_differs", lang, each=each))
    for flip in told.flips[:MOST_FLIPS]:
        said.append(
            t(
                "rules.flip",
                lang,
                first=name(dimension, flip.first),
                second=name(dimension, flip.second),
                ahead=regimes()[flip.ahead_under].name(lang),
                behind=regimes()[flip.behind_under].name(lang),
            )
        )
    if not told.flips and len(told.worst_by) > 1:
        said.append(t("rules.no_flip", lang, groups=t(f"rules.groups.{dimension}", lang)))
    return said


def _names(ids: tuple[str, ...], lang: Lang) -> str:
    return t("chart.list_separator", lang).join(regimes()[i].name(lang) for i in ids)


def _dots(frame: Frame, dimension: str, found: pd.DataFrame, target: float | None) -> None:
    lang = frame.lang
    if found.empty:
        states.few(frame)
        return
    shape = found.assign(
        key=found["group"],
        label=[frame.name(dimension, g) for g in found["group"]],
        rule=[regimes()[r].name(lang) for r in found["rule"]],
    ).dropna(subset=["value"])
    span = shape.groupby("label")["value"].agg(lambda v: v.max() - v.min())
    title = t(
        "rules.dots", lang, group=span.idxmax(), gap=numbers.pp(float(span.max()), lang, prose=True, signed=False)
    )
    subtitle = t("rules.dots_subtitle", lang, period=findings.period_text(frame.comparison.now, lang))
    spoken = shape.assign(label=[f"{a} {b}" for a, b in zip(shape["label"], shape["rule"], strict=True)])
    draw.show(
        charts.rule_dots(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, target=target, select=True),
        **clicks.narrowing(frame, f"rules_{dimension}", {"key": dimension}),
        alt=charts.ranked_alt(spoken, lang=lang, title=title),
    )


def _table(frame: Frame, whole: pd.DataFrame) -> None:
    lang = frame.lang
    assigned = {a.policy for a in frame.workspace.settings.policies}
    shape = pd.DataFrame(
        {
            "name": [
                regimes()[i].name(lang) + (f" ({t('rules.assigned', lang)})" if i in assigned else "")
                for i in whole["policy_id"]
            ],
            "kind": [t(f"rules.kind.{regimes()[i].kind}", lang) for i in whole["policy_id"]],
            "limit": [limits_text(i, lang) for i in whole["policy_id"]],
            "n": [numbers.count(v, lang) for v in whole["n"]],
            "strict": [numbers.rate(v, lang) for v in whole["strict"]],
            "matured": [numbers.rate(v, lang) for v in whole["matured"]],
            "late": [numbers.count(v, lang) for v in whole["n_late"] + whole["n_overdue"]],
        }
    )
    headers = {c: t(f"rules.column_{c}", lang) for c in shape}
    states.small_table(shape, headers, alt=t("rules.table", lang), left=("name", "limit"))
    states.note(t("rules.table_note", lang))


def limits_text(policy: str, lang: Lang) -> str:
    """48 h, urgent 4 h: the final limits of a rule, the general one first."""
    said = []
    for row in sorted((r for r in regimes()[policy].rows if r.stage == FINAL), key=lambda r: r.specificity()):
        number, _, unit = str(row.limit).partition(" ")
        text = t(f"policy.unit.{unit}", lang, n=number)
        for key, value in row.selectors().items():
            text = f"{t('rules.urgent', lang) if key == 'priority' else t(f'policy.{key}.{value}', lang)} {text}"
        said.append(text)
    return t("chart.list_separator", lang).join(said)
