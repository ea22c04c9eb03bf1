"""How fresh the sources of a release are, for the badge in the frame and the banner of stale data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import badges, data, numbers
from pages._shared.badges import Source
from pages._shared.text import Lang, t
from warehouse.query import Reader
from warehouse.viewer import Viewer

LATE_AFTER_PERIODS = 2


def sources(reader: Reader, viewer: Viewer) -> list[Source]:
    """Every source with a promised cadence; late means older than twice that."""
    frame = data.table("mart_source", viewer)
    found = []
    for row in frame.itertuples():
        if pd.isna(row.cadence_hours):
            continue
        latest = None if pd.isna(row.last_period) else row.last_period.to_pydatetime()
        found.append(Source(row.source_name, latest, 60 * LATE_AFTER_PERIODS * row.cadence_hours))
    return found


def late(found: list[Source], as_of: datetime) -> list[Source]:
    return [s for s in found if badges.freshness(s, as_of) == "stale"]


def badge(container: Any, reader: Reader, viewer: Viewer, lang: Lang) -> None:
    """One badge for all sources: the worst of them decides."""
    known = sources(reader, viewer)
    if not known:
        return
    as_of = reader.info["as_of"]
    behind = late(known, as_of)
    if behind:
        said = t("badge.sources_stale", lang, n=len(behind))
        listed = t("chart.list_separator", lang).join(s.name for s in behind)
        container.badge(said, icon=":material/history_toggle_off:", color="orange", help=listed)
    else:
        said = t("badge.sources_fresh", lang, n=len(known))
        container.badge(said, icon=":material/check:", color="green", help=t("badge.sources_help", lang))


def banner(reader: Reader, viewer: Viewer, lang: Lang) -> None:
    """Tickets that stopped coming are said on every page: a quiet dashboard must not look like good news."""
    as_of = reader.info["as_of"]
    behind = [s for s in late(sources(reader, viewer), as_of) if s.latest and _carries_tickets(s, viewer)]
    for source in behind:
        assert source.latest
        age = numbers.duration((as_of - source.latest).total_seconds() / 60, lang)
        said = t("state.stale", lang, moment=numbers.moment(source.latest, lang), age=age)
        st.warning(said, icon=":material/history_toggle_off:")


def _carries_tickets(source: Source, viewer: Viewer) -> bool:
    frame = data.table("mart_source", viewer)
    return bool(((frame["source_name"] == source.name) & (frame["target_table"] == "ticket")).any())
