"""Small pieces that several views share: empty and unsupported states, little tables, chart annotations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from pages._shared import data, numbers
from pages._shared.findings import kind_of
from pages._shared.frame import Frame
from pages._shared.text import plain, t, word
from warehouse.measures import measures
from warehouse.periods import Comparison
from warehouse.query import SMALL_CELL


def empty(frame: Frame) -> None:
    """Nothing matches: say so and what to do."""
    st.info(t("state.empty", frame.lang), icon=":material/search_off:")
    note(t("state.empty_hint", frame.lang))


def note(text: str) -> None:
    """A line of small print. Streamlit's own caption is too pale to read (4.2:1 on white)."""
    st.markdown(f":small[:gray[{plain(text)}]]")


def suppressed(frame: Frame) -> None:
    """Too few customers to show anything to this role."""
    st.info(t("state.suppressed", frame.lang, least=SMALL_CELL), icon=":material/visibility_off:")


def nothing(frame: Frame, is_hidden: bool) -> None:
    """Nothing to show: because there is nothing, or because it must not be shown."""
    (suppressed if is_hidden else empty)(frame)


def few(frame: Frame) -> None:
    note(t("state.one_row", frame.lang))


def unsupported(frame: Frame, ids: Sequence[str]) -> None:
    """Which measures this source has no columns for, by name."""
    missing = [measures()[i].name(frame.lang) for i in ids if frame.reader.missing_for(i)]
    if missing:
        names = t("chart.list_separator", frame.lang).join(missing)
        note(t("state.unsupported", frame.lang, names=names))


def no_map(frame: Frame) -> None:
    st.info(t("state.no_map", frame.lang), icon=":material/map:")


def small_table(shape: pd.DataFrame, headers: dict[str, str], alt: str) -> None:
    """A little table of ready texts, numbers to the right."""
    config = {c: st.column_config.TextColumn(headers[c], alignment="left" if c == "name" else "right") for c in headers}
    st.dataframe(
        shape[list(headers)],
        hide_index=True,
        column_config=config,
        row_height=32,
        width="stretch",
        height="content",
        alt=alt,
    )


def mover_table(frame: Frame, measure: str, comparison: Comparison, dims: Sequence[str]) -> None:
    """Now and before by type, district and channel, the largest movements of each first."""
    lang = frame.lang
    for dimension in dims:
        by = data.figures([measure], frame.viewer, [comparison.now, comparison.before], [dimension], frame.filters)
        by = by[~by["is_small"]].assign(n=lambda f: f[f"{measure}_num"].fillna(0))
        wide = by.pivot_table(index=dimension, columns="period", values="n", aggfunc="sum", fill_value=0)
        wide = wide.reindex(columns=["before", "now"], fill_value=0).astype(int).reset_index()
        wide["change"] = wide["now"] - wide["before"]
        wide = wide.reindex(wide["change"].abs().sort_values(ascending=False).index).head(12)
        wide[dimension] = [frame.name(dimension, v) for v in wide[dimension]]
        name = word("filter", {"type_l1": "type", "region_code": "region", "channel_code": "channel"}[dimension], lang)
        headers = {
            dimension: name,
            "before": t("today.before", lang),
            "now": t("today.now", lang),
            "change": t("chart.change", lang),
        }
        st.dataframe(
            wide[list(headers)], hide_index=True, column_config=headers, row_height=32, height="content", alt=name
        )


def effect_table(frame: Frame, effects: pd.DataFrame, measure: str) -> None:
    """The split of a rate's change into mix and within, per group."""
    lang = frame.lang
    rows = effects.dropna(subset=["effect"])
    shape = pd.DataFrame(
        {
            "name": [frame.name(d, k) for d, k in zip(rows["dim"], rows["key"], strict=True)],
            "before": [numbers.rate(v, lang) for v in rows["rate_before"]],
            "now": [numbers.rate(v, lang) for v in rows["rate_now"]],
            "n": [numbers.count(v, lang) for v in rows["n_now"]],
            "within": [numbers.pp(v, lang) for v in rows["within_effect"]],
            "mix": [numbers.pp(v, lang) for v in rows["mix_effect"]],
        }
    )
    headers = {k: t(f"today.effect_{k}", lang) for k in ("name", "before", "now", "n", "within", "mix")}
    small_table(shape, headers, alt=measures()[measure].name(lang))


def holiday_bands(frame: Frame, first: date, last: date) -> list[tuple[date, date, str]]:
    """Runs of holidays between two days, with their name."""
    days = data.table("dim_date", frame.viewer)
    chosen = days[days["is_holiday"] & (days["date_on"].dt.date >= first) & (days["date_on"].dt.date <= last)]
    bands: list[tuple[date, date, str]] = []
    for row in chosen.sort_values("date_on").itertuples():
        day, name = row.date_on.date(), getattr(row, f"holiday_{frame.lang}") or ""
        if bands and bands[-1][2] == name and day - bands[-1][1] <= timedelta(1):
            bands[-1] = (bands[-1][0], day, name)
        else:
            bands.append((day, day, name))
    return bands


def change_events(frame: Frame, first: date, last: date) -> list[tuple[date, str]]:
    """Changes (releases, cutovers, launches) between two days, for thin labelled lines."""
    if frame.reader.n_rows("fact_change_event") == 0:
        return []
    rows = data.table("fact_change_event", frame.viewer)
    days = rows["started_at"].dt.date
    chosen = rows[(days >= first) & (days <= last)]
    return [(r.started_at.date(), str(r.title or r.kind)) for r in chosen.sort_values("started_at").itertuples()]


def trend_finding(frame: Frame, measure: str, shape: pd.DataFrame) -> str:
    """Where the newest week stands among its twelve predecessors."""
    lang, entry = frame.lang, measures()[measure]
    known = shape.dropna(subset=["value"])
    if len(known) < 3:
        return t("finding.trend_short", lang, name=entry.name(lang))
    newest, others = float(known["value"].iloc[-1]), known["value"].iloc[:-1]
    rank_high = int((others > newest).sum()) + 1
    rank_low = int((others < newest).sum()) + 1
    value = numbers.value(newest, kind_of(entry), lang)
    median = numbers.value(float(others.median()), kind_of(entry), lang)
    key = "finding.trend_high" if rank_high <= 2 else "finding.trend_low" if rank_low <= 2 else "finding.trend_mid"
    return t(
        key, lang, name=entry.name(lang), value=value, rank=rank_high if rank_high <= 2 else rank_low, median=median
    )
