"""Before and after of a rate, group by group: two dots on one line, and how sure the second one is."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import LABEL_SIZE, AnyChart, dimmed, ems_of, finish, number_axis, pick
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t
from pages._shared.theme import Mode, palette

_BAND = 34  # px


@remembered
def before_after(
    df: pd.DataFrame, *, lang: Lang, mode: Mode, title: str, subtitle: str = "", select: bool = False
) -> AnyChart:
    """`df[key, label, before, after, low, high, n]`, rates 0–1, in the order shown. A click yields `key`."""
    p = palette(mode)
    rows = df.assign(
        before_text=[numbers.rate(v, lang) for v in df["before"]],
        after_text=[numbers.rate(v, lang) for v in df["after"]],
        range_text=[
            f"{numbers.rate(a, lang)}–{numbers.rate(b, lang)}" for a, b in zip(df["low"], df["high"], strict=True)
        ],
        gain=[numbers.pp(b - a, lang) for a, b in zip(df["before"], df["after"], strict=True)],
        n_text=[numbers.count(v, lang) for v in df["n"]],
    )
    seen = [*df["before"], *df["low"], *df["high"]]
    low, high = max(0.0, min(seen, default=0.0) - 0.05), min(1.0, max(seen, default=1.0) + 0.03)
    # Room at the right for the gains.
    scale = alt.Scale(domain=[low, high + 0.22 * (high - low)], nice=False)
    ticks = [tick / 10 for tick in range(11) if low <= tick / 10 <= high]
    x = alt.X("after:Q", scale=scale, axis=number_axis("rate", lang, values=ticks))
    room = min(150, max((ems_of(str(v)) for v in rows["label"]), default=5) * LABEL_SIZE + 4)
    y = alt.Y(
        "label:N",
        sort=None,
        axis=alt.Axis(title=None, labelColor=p.text, labelLimit=room, domain=False, minExtent=room),
    )
    tips = [
        alt.Tooltip("label:N", title=t("chart.label", lang)),
        alt.Tooltip("before_text:N", title=t("replay.before", lang)),
        alt.Tooltip("after_text:N", title=t("replay.after", lang)),
        alt.Tooltip("range_text:N", title=t("replay.range", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
    ]
    selected = pick(["key"], nearest=True) if select else None
    base = alt.Chart(rows)
    spread = base.mark_rule(color=p.accent, strokeWidth=7, opacity=0.22, strokeCap="round").encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, tooltip=tips
    )
    path = base.mark_rule(color=p.accent, strokeWidth=2).encode(x=alt.X("before:Q", scale=scale), x2="after:Q", y=y)
    old = base.mark_point(shape="circle", filled=True, size=80, color=p.gray.mark, opacity=1).encode(
        x=alt.X("before:Q", scale=scale), y=y, tooltip=tips
    )
    new = base.mark_point(shape="diamond", filled=True, size=110, color=p.accent).encode(
        x=x, y=y, tooltip=tips, opacity=dimmed(selected)
    )
    gains = base.mark_text(align="right", color=p.text).encode(
        x=alt.value(alt.ExprRef(expr="width")), y=y, text="gain:N", tooltip=tips
    )
    dots = new.add_params(selected) if selected is not None else new
    key = t("replay.key", lang)
    return finish(
        alt.layer(spread, path, old, dots, gains),
        lang=lang,
        mode=mode,
        title=title,
        subtitle=" · ".join(s for s in (subtitle, key) if s),
        height=max(120, _BAND * len(rows)),
    )


def before_after_alt(df: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `before_after`."""
    items = [
        t(
            "replay.alt_item",
            lang,
            label=r.label,
            before=numbers.rate(r.before, lang),
            after=numbers.rate(r.after, lang),
        )
        for r in df.head(6).itertuples()
    ]
    return t("alt.lines", lang, title=title.rstrip("。. "), items=t("chart.list_separator", lang).join(items))
