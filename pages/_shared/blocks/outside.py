"""越级: how far complaints go, how long before we could have known, and the clocks that bodies outside have set."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, findings, hidden, numbers, states
from pages._shared.blocks import repeat_lists, repeats
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.intervals import two_proportion_p
from warehouse.analysis.suppression import protect
from warehouse.periods import Period
from warehouse.query import SMALL_CELL

LEVELS = ("L1", "L2", "L3", "L4")
FAR = ("L3", "L4")  # consumer bodies and the regulator
BANDS = ("none", "d0_3", "d3_7", "d7_15", "d15_30", "d30")
CLOCKS = ("answer_15d", "consumer_7wd", "appeal_30d")
COUNTED = {"open": "M21_OPEN", "soon": "M21_CLOCK", "late": "M21_LATE"}
SURE = 0.05


def show(frame: Frame) -> None:
    if not data.supported(["M19_N"]):
        st.info(t("outside.none", frame.lang), icon=":material/campaign:")
    else:
        period = repeats.long_enough(frame)
        states.note(t("repeats.period", frame.lang, period=findings.period_text(period, frame.lang)))
        band = clicks.choice("lead", BANDS, lambda b: t("chart.only", frame.lang, name=_band(frame, b)))
        left, right = st.columns(2, gap="medium")
        with left:
            if band:
                _channels_of(frame, period, band)
            else:
                _channels(frame, period)
        with right:
            _lead(frame, period)
        if band:
            _filings(frame, period, band)
        _levels(frame, period)
        _tendency(frame, period)
    _clocks(frame)


def _channels(frame: Frame, period: Period) -> None:
    """Filings by the body they went to, in the order of the levels."""
    lang = frame.lang
    asked = data.figures(["M19_N"], frame.viewer, [period], ["level", "channel_code"], frame.filters)
    # The table below tells each level's total, so a hidden body must not follow from it either.
    shown = hidden.visible(frame, asked, "M19_N_num", "level")
    shown = shown.loc[hidden.visible(frame, asked.assign(is_small=~asked.index.isin(shown.index)), "M19_N_num").index]
    shown = shown.sort_values(["level", "M19_N_num"], ascending=[True, False])
    if shown.empty:
        repeats.nothing(frame, is_hidden=len(asked) > 0)
        return
    whole = data.figures(["M19_N"], frame.viewer, [period], (), frame.filters).iloc[0]["M19_N_num"]
    shape = pd.DataFrame(
        {
            "key": shown["channel_code"].astype(str),
            "label": [
                f"{a} {frame.name('channel_code', c)}"
                for a, c in zip(shown["level"], shown["channel_code"], strict=True)
            ],
            "share": shown["M19_N_num"].astype(float) / whole,
            "baseline": float("nan"),
            "n": shown["M19_N_num"],
        }
    )
    title = t("outside.channels", lang, n=numbers.count(whole, lang), far=_far(frame, period))
    draw.show(
        charts.share_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("outside.channels_subtitle", lang, n=numbers.count(whole, lang)),
            select=True,
        ),
        **clicks.narrowing(frame, "outside_channels", {"key": "channel_code"}),
        alt=charts.share_alt(shape, lang=lang, title=title),
    )
    hidden.left_out(frame, asked, shown)


def _far(frame: Frame, period: Period) -> str:
    """How many went to consumer bodies or the regulator, all bodies of these levels together."""
    levels = data.figures(["M19_N"], frame.viewer, [period], ["level"], frame.filters)
    seen = hidden.visible(frame, levels, "M19_N_num")
    far = levels[levels["level"].isin(FAR)]
    if far.index.isin(seen.index).all():
        return numbers.count(far["M19_N_num"].sum(), frame.lang)
    return f"<{SMALL_CELL}" if far["is_small"].all() and len(far) == 1 else t("state.hidden_too", frame.lang)


def _channels_of(frame: Frame, period: Period, band: str) -> None:
    """The bodies that filings of one lead went to. A cell that a manager could work out from the others stays away."""
    lang = frame.lang
    cells = data.figures(["M19_N"], frame.viewer, [period], ["lead_band", "channel_code"], frame.filters)
    too = protect(cells, "lead_band", "channel_code", "M19_N_num", "is_small") & (frame.viewer.level == "L1")
    found = cells[(cells["lead_band"] == band) & ~cells["is_small"].astype(bool) & ~too]
    found = found[found["M19_N_num"] > 0].sort_values("M19_N_num", ascending=False)
    if found.empty:
        repeats.nothing(frame, is_hidden=bool((cells["lead_band"] == band).any()))
        return
    shape = pd.DataFrame(
        {
            "key": found["channel_code"].astype(str),
            "label": [frame.name("channel_code", c) for c in found["channel_code"]],
            "value": found["M19_N_num"].astype(float),
        }
    )
    said = {"body": shape["label"].iloc[0], "n": numbers.count(shape["value"].iloc[0], lang)}
    title = t("outside.channels_of", lang, band=_band(frame, band), **said)
    subtitle = t("outside.channels_of_subtitle", lang, n=numbers.count(shape["value"].sum(), lang))
    draw.show(
        charts.count_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True),
        **clicks.narrowing(frame, "outside_channels_of", {"key": "channel_code"}),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="count"),
    )


def _filings(frame: Frame, period: Period, band: str) -> None:
    """The filings behind a lead, one by one, for who may see them."""
    lang = frame.lang
    if not frame.viewer.sees_rows:
        states.note(t("repeats.no_rows", lang))
        return
    columns = ("ticket_id", "accepted_at", "channel_code", "type_code", "region_code", "owner_dept", "first_inside_at",
               "lead")  # fmt: skip
    title = t("outside.filings", lang, band=_band(frame, band))
    repeat_lists.listed(frame, "fact_outside", columns, title, (("lead_band", band),), period)


def _band(frame: Frame, band: str) -> str:
    said = word("outside.band", band, frame.lang)
    return said if band == BANDS[0] else t("outside.known_for", frame.lang, band=said)


def _lead(frame: Frame, period: Period) -> None:
    """Days between the first complaint to us and the filing outside."""
    lang = frame.lang
    asked = data.figures(["M19_N"], frame.viewer, [period], ["lead_band"], frame.filters)
    whole = data.figures(["M19", "M19_LEAD"], frame.viewer, [period], (), frame.filters).iloc[0]
    shown = hidden.visible(frame, asked, "M19_N_num").set_index("lead_band")
    shown = shown.loc[[b for b in BANDS if b in shown.index]]
    if shown.empty or whole["is_small"]:
        repeats.nothing(frame, is_hidden=len(asked) > 0)
        return
    n = float(whole["M19_den"])
    shape = pd.DataFrame(
        {
            "key": list(shown.index),
            "label": [word("outside.band", b, lang) for b in shown.index],
            "share": (shown["M19_N_num"].astype(float) / n).to_numpy(),
            "baseline": float("nan"),
            "n": shown["M19_N_num"].to_numpy(),
        }
    )
    title = t(
        "outside.lead",
        lang,
        known=numbers.rate(whole["M19"], lang),
        lead=findings.value_text("M19_LEAD", whole["M19_LEAD"], lang),
    )
    draw.show(
        charts.share_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("outside.lead_subtitle", lang, n=numbers.count(n, lang)),
            select=True,
        ),
        **clicks.setting("lead", "outside_leads"),
        alt=charts.share_alt(shape, lang=lang, title=title),
    )
    hidden.left_out(frame, asked, asked[asked["lead_band"].isin(shown.index)])


def _levels(frame: Frame, period: Period) -> None:
    """What the four levels are, and for each how many, how many known before, how long before; appeals per million."""
    lang = frame.lang
    asked = data.figures(["M19_N", "M19", "M19_LEAD"], frame.viewer, [period], ["level"], frame.filters)
    told = set(hidden.visible(frame, asked, "M19_N_num")["level"])
    by_level = asked.set_index("level")
    rows = []
    for level in LEVELS:
        known = level in by_level.index
        row = by_level.loc[level] if known else None
        is_small = row is not None and bool(row["is_small"])
        tells = row is not None and level in told and not _tells_of_few(frame, row["M19_num"], row["M19_den"])
        rows.append(
            {
                "name": word("value.max_level", level, lang),
                "who": word("outside.who", level, lang),
                "n": f"<{SMALL_CELL}"
                if is_small
                else t("state.hidden_too", lang)
                if known and level not in told
                else numbers.count(0 if row is None else row["M19_N"], lang),
                "known": numbers.rate(row["M19"], lang) if row is not None and tells else numbers.DASH,
                "lead": findings.value_text("M19_LEAD", row["M19_LEAD"], lang)
                if row is not None and tells
                else numbers.DASH,
            }
        )
    headers = {k: t(f"outside.column_{k}", lang) for k in ("name", "who", "n", "known", "lead")}
    st.markdown("**" + t("outside.levels", lang) + "**")
    config = {
        k: st.column_config.TextColumn(headers[k], alignment="left" if k in ("name", "who") else "right")
        for k in headers
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=config,
        row_height=32,
        height="content",
        alt=t("outside.levels", lang),
    )
    if data.supported(["M21"]):
        appeals = data.figures(["M21"], frame.viewer, [period], (), frame.filters).iloc[0]
        if not appeals["is_small"] and not pd.isna(appeals["M21"]):
            said = numbers.fixed(float(appeals["M21"]), 2)
            states.note(t("outside.appeals", lang, value=said, n=numbers.count(appeals["M21_n"], lang)))


def _tells_of_few(frame: Frame, part: float, whole: float) -> bool:
    """Whether a share would tell a manager a count of under five, or the rest of the whole would."""
    return frame.viewer.level == "L1" and any(0 < n < SMALL_CELL for n in (part, whole - part))


def _tendency(frame: Frame, period: Period) -> None:
    """看依据: do tags foretell? Tagged against untagged, as proportions."""
    lang = frame.lang
    if data.supported(["M20", "M20_NOT"]) != ["M20", "M20_NOT"]:
        return
    row = data.figures(["M20", "M20_NOT"], frame.viewer, [period], (), frame.filters).iloc[0]
    if row["is_small"] or row["M20_den"] == 0 or row["M20_NOT_den"] == 0:
        return
    p = float(two_proportion_p(row["M20_num"], row["M20_den"], row["M20_NOT_num"], row["M20_NOT_den"]))
    with st.expander(t("outside.evidence", lang)):
        said = {
            "rate": numbers.rate(row["M20"], lang),
            "low": numbers.rate(row["M20_low"], lang),
            "high": numbers.rate(row["M20_high"], lang),
            "n": numbers.count(row["M20_n"], lang),
            "other": numbers.rate(row["M20_NOT"], lang),
            "m": numbers.count(row["M20_NOT_n"], lang),
            "p": numbers.fixed(p, 3),
        }
        st.markdown(t("outside.tags_tell", lang, **said) if p < SURE else t("outside.tags_silent", lang, **said))
        states.note(t("outside.tags_note", lang))


def _clocks(frame: Frame) -> None:
    """How many clocks run, end soon or have run out, each with its meaning; the rows for those who may see them."""
    lang = frame.lang
    ids = [i for i in COUNTED.values() if data.supported([i])]
    if not ids:
        states.note(t("outside.no_clock", lang))
        return
    asked = data.figures(ids, frame.viewer, [frame.comparison.now], ["clock"], frame.filters).set_index("clock")
    rows = []
    for clock in CLOCKS:
        row = asked.loc[clock] if clock in asked.index else None
        is_small = row is not None and bool(row["is_small"])
        counts = {
            k: f"<{SMALL_CELL}" if is_small else numbers.count(0 if row is None else row[i], lang)
            for k, i in COUNTED.items()
        }
        rows.append({"name": word("value.clock", clock, lang), "who": word("outside.clock", clock, lang), **counts})
    headers = {k: t(f"outside.clock_{k}", lang) for k in ("name", "who", *COUNTED)}
    st.markdown("**" + t("outside.clocks", lang) + "**")
    config = {
        k: st.column_config.TextColumn(headers[k], alignment="left" if k in ("name", "who") else "right")
        for k in headers
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=config,
        row_height=32,
        height="content",
        alt=t("outside.clocks", lang),
    )
    repeat_lists.clocks(frame)
