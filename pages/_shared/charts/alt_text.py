"""One sentence for each chart, for people who hear the page: `st.altair_chart(chart, alt=…)`.

Each takes the frame of its chart and says the finding first, then what the picture shows.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from pages._shared import numbers
from pages._shared.charts.lines import Grain, period_text
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t, word

_MOST = 6  # a listener cannot hold more


def trend_alt(
    df: pd.DataFrame,
    *,
    lang: Lang,
    title: str,
    kind: Kind = "count",
    grain: Grain = "week",
    target: float | None = None,
) -> str:
    """The sentence for `trend`."""
    starts = [pd.Timestamp(start).date() for start in df["period_start"]]
    said = spark_alt(starts, df["value"].tolist(), lang=lang, title=title, kind=kind, grain=grain)
    if target is None or df["value"].isna().all():
        return said
    gap = "" if lang == "zh" else " "
    return said + gap + t("alt.trend_target", lang, target=numbers.value(target, kind, lang))


def spark_alt(
    starts: Sequence[date],
    values: Sequence[float | None],
    *,
    lang: Lang,
    title: str,
    kind: Kind = "count",
    grain: Grain = "week",
) -> str:
    """The sentence for `sparkline`: from when to when, the latest, the highest and the lowest with their periods."""
    known = [
        (start, found) for start, v in zip(starts, values, strict=True) if (found := numbers.number(v)) is not None
    ]
    if not known:
        return _empty(title, lang)
    high, low = max(known, key=lambda at: at[1]), min(known, key=lambda at: at[1])
    return t(
        "alt.trend",
        lang,
        title=_bare(title),
        start=period_text(known[0][0], grain, lang),
        end=period_text(known[-1][0], grain, lang),
        periods=len(known),
        last=numbers.value(known[-1][1], kind, lang),
        high=numbers.value(high[1], kind, lang),
        high_at=period_text(high[0], grain, lang),
        low=numbers.value(low[1], kind, lang),
        low_at=period_text(low[0], grain, lang),
    )


def contribution_alt(df: pd.DataFrame, *, lang: Lang, title: str, kind: Kind = "count") -> str:
    """The sentence for `contribution_bars`."""
    texts = [numbers.difference(v, kind, lang) for v in df["change"]]
    return _list("alt.contribution", df["label"], texts, title, lang)


def share_alt(df: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `share_bars`."""
    if df.empty:
        return _empty(title, lang)
    rows = df.head(_MOST)
    items = [
        t(
            "alt.share_item",
            lang,
            label=name,
            share=numbers.rate(share, lang),
            difference=numbers.pp(share - base, lang),
        )
        for name, share, base in zip(rows["label"], rows["share"], rows["baseline"], strict=True)
    ]
    return t("alt.share", lang, title=_bare(title), items=t("chart.list_separator", lang).join(items))


def heat_alt(df: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `heat`."""
    known = df.dropna(subset=["value"])
    if known.empty:
        return _empty(title, lang)
    top = known.loc[known["value"].astype(float).idxmax()]
    shape = {"rows": df["row"].nunique(), "columns": df["col"].nunique()}
    return t("alt.heat", lang, title=_bare(title), row=top["row"], column=top["col"], value=top["label"], **shape)


def hour_weekday_alt(df: pd.DataFrame, *, lang: Lang, title: str, kind: Kind = "count") -> str:
    """The sentence for `hour_weekday`."""
    if df.empty:
        return _empty(title, lang)
    top = df.loc[df["value"].astype(float).idxmax()]
    hour = t("chart.hour_span", lang, hour=f"{int(top['hour']):02d}", next=f"{int(top['hour']) + 1:02d}")
    day = word("weekday", int(top["weekday"]), lang)
    return t(
        "alt.rhythm",
        lang,
        title=_bare(title),
        weekday=day,
        hour=hour,
        value=numbers.value(top["value"], kind, lang),
    )


def day_of_month_alt(df: pd.DataFrame, *, lang: Lang, title: str, kind: Kind = "count") -> str:
    """The sentence for `day_of_month`."""
    if df.empty:
        return _empty(title, lang)
    top = df.loc[df["value"].astype(float).idxmax()]
    day = t("chart.day_text", lang, day=int(top["day"]))
    return t("alt.day_of_month", lang, title=_bare(title), day=day, value=numbers.value(top["value"], kind, lang))


def ranked_alt(df: pd.DataFrame, *, lang: Lang, title: str, kind: Kind = "rate") -> str:
    """The sentence for `ranked_bars`."""
    return _list("alt.ranked", df["label"], [numbers.value(v, kind, lang) for v in df["value"]], title, lang)


def map_alt(df: pd.DataFrame, *, lang: Lang, title: str, kind: Kind = "per_10k") -> str:
    """The sentence for `maps.district_map`."""
    known = df.dropna(subset=["value"])
    if known.empty:
        return _empty(title, lang)
    values = known["value"].astype(float)
    top, bottom = known.loc[values.idxmax()], known.loc[values.idxmin()]
    return t(
        "alt.map",
        lang,
        title=_bare(title),
        high=top["name"],
        high_value=numbers.value(top["value"], kind, lang),
        low=bottom["name"],
        low_value=numbers.value(bottom["value"], kind, lang),
    )


def _list(family: str, labels: pd.Series, texts: list[str], title: str, lang: Lang) -> str:
    if labels.empty:
        return _empty(title, lang)
    items = [word("alt", "item", lang, label=a, value=b) for a, b in zip(labels, texts, strict=True)][:_MOST]
    key = family.removeprefix("alt.")
    return word("alt", key, lang, title=_bare(title), items=t("chart.list_separator", lang).join(items))


def _empty(title: str, lang: Lang) -> str:
    return t("alt.empty", lang, title=_bare(title))


def _bare(title: str) -> str:
    return title.rstrip("。. ")
