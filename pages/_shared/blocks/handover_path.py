"""Which way tickets go, and how long they stay at each department."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_handover, draw, findings, hidden, numbers, states, url
from pages._shared.charts import flows
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.query import SMALL_CELL

LEAST_SHARE = 0.004  # of all moves: thinner ways stand in the table only
DONE = "DONE"
KINDS = {"DSP": "sent", "FBK": "sent", "TRANSFER": "passed", "REOPEN": "passed", "REJECT": "back"}


def show(frame: Frame) -> None:
    by_dept, moves = stays(frame), _moves(frame)
    choose(frame, list(by_dept["dept"]))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _graph(frame, by_dept, moves)
    with right:
        _stays(frame, by_dept)
    _tables(frame, by_dept, moves)


def stays(frame: Frame) -> pd.DataFrame:
    """dept, n, hours, share of all time, p50, p90 (minutes); the most time first, those that may be shown."""
    asked = data.figures(["M26"], frame.viewer, [frame.comparison.now], ["dept"], frame.filters)
    if asked.empty or "mart_flow_stay" not in frame.reader.levels:
        return pd.DataFrame()
    spread = data_handover.spread("M26_N", frame.viewer, frame.comparison.now, ["dept"], frame.filters)
    total = data.figures(["M26"], frame.viewer, [frame.comparison.now], (), frame.filters)["M26_num"].sum()
    shown = hidden.visible(frame, asked, "M26_num").merge(spread.drop(columns=["is_small"]), on="dept")
    shown = shown.assign(hours=shown["M26_num"].astype(float), share=shown["M26_num"].astype(float) / float(total))
    return shown.sort_values("hours", ascending=False, ignore_index=True)


def _moves(frame: Frame) -> pd.DataFrame:
    """from_dept, to_dept, kind, n of all ways that may be shown, most tickets first."""
    by = ["from_dept", "to_dept", "came_by"]
    asked = data.figures(["M26_MOVES"], frame.viewer, [frame.comparison.now], by, frame.filters)
    shown = asked[~asked["is_small"].astype(bool)]
    shown = shown.assign(kind=shown["came_by"].map(KINDS), n=shown["M26_MOVES"].astype(float))
    moves = shown.groupby(["from_dept", "to_dept", "kind"], as_index=False)["n"].sum()
    return moves.sort_values("n", ascending=False, ignore_index=True)


def choose(frame: Frame, of: list[str]) -> None:
    """A department, by a click on the picture or here: its tickets alone are then shown."""
    depts = ["", *of]
    url.one("stop", depts, "")
    st.selectbox(
        t("handover.dept", frame.lang),
        depts,
        format_func=lambda d: frame.name("owner_dept", d) if d else t("handover.all_depts", frame.lang),
        key="stop",
        width=260,
    )


def replay_next(frame: Frame, rule: str, desk: str = "") -> None:
    """What to ask next: what the past would have been with one rule changed, on the page 推演."""
    named = frame.name("owner_dept", desk) if desk else ""
    said = word("handover.next", rule, frame.lang, dept=named)
    icon = ":material/fast_forward:"
    st.button(said, icon=icon, type="tertiary", key=f"next_{rule}", on_click=_replay, args=(rule, desk))


def _replay(rule: str, desk: str) -> None:
    st.session_state.update({"view": "replay", "rule": rule, **({"desk": desk} if desk else {})})


def _click(key: str) -> None:
    chosen = clicks.picked(st.session_state.get(key))
    if chosen and chosen.get("key") and chosen["key"] != DONE:
        st.session_state["stop"] = str(chosen["key"])


def _graph(frame: Frame, by_dept: pd.DataFrame, moves: pd.DataFrame) -> None:
    lang, dept = frame.lang, st.session_state["stop"]
    known = set(by_dept["dept"]) | {DONE}
    total = float(moves["n"].sum())
    kept = moves[moves["from_dept"].isin(known) & moves["to_dept"].isin(known)]
    kept = (
        kept[(kept["from_dept"] == dept) | (kept["to_dept"] == dept)]
        if dept
        else kept[kept["n"] >= LEAST_SHARE * total]
    )
    if kept.empty:
        states.few(frame)
        return
    # Most are sent out by whoever takes complaints in; a result told is no dispatch.
    sent = moves[(moves["kind"] == "sent") & (moves["to_dept"] != DONE)]
    first = sent.iloc[0]["from_dept"] if len(sent) else ""
    order = [*frame.names("owner_dept"), DONE]
    reached = sorted(known, key=lambda d: order.index(d) if d in order else len(order))
    nodes = pd.DataFrame(
        {
            "key": reached,
            "label": [_name(frame, d) for d in reached],
            "place": ["last" if d == DONE else "first" if d == first else "middle" for d in reached],
            "n": [_passing(moves, d) for d in reached],
        }
    )
    passed = moves[moves["kind"] != "sent"]
    title = t("handover.graph", lang, share=numbers.rate(_moved_on(frame), lang))
    if dept:
        into, out = (moves.loc[moves[c] == dept, "n"].sum() for c in ("to_dept", "from_dept"))
        back = passed.loc[(passed["from_dept"] == dept), "n"].sum()
        title = t(
            "handover.graph_dept",
            lang,
            dept=frame.name("owner_dept", dept),
            into=numbers.count(into, lang),
            out=numbers.count(out, lang),
            on=numbers.count(back, lang),
        )
    shape = kept.rename(columns={"from_dept": "from_key", "to_dept": "to_key"})
    said = kept.assign(way=[f"{_name(frame, r.from_dept)} → {_name(frame, r.to_dept)}" for r in kept.itertuples()])
    draw.show(
        flows.flow_graph(
            nodes,
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("handover.graph_subtitle", lang, n=numbers.count(total, lang)),
            select=True,
        ),
        key="flow_graph",
        on_select=lambda: _click("flow_graph"),
        selection_mode=[charts.PICK],
        alt=flows.flow_alt(said, lang=lang, title=title),
    )


def _moved_on(frame: Frame) -> float:
    """Share of dispatched tickets that did not stay where they were sent."""
    right = data.figures(["M25_RIGHT"], frame.viewer, [frame.comparison.now], (), frame.filters)["M25_RIGHT"].iloc[0]
    return 1 - float(right)


def _passing(moves: pd.DataFrame, dept: str) -> float:
    """How many came there; whoever nobody sends to is where they start from."""
    came = float(moves.loc[moves["to_dept"] == dept, "n"].sum())
    return max(came, float(moves.loc[moves["from_dept"] == dept, "n"].sum()))


def _name(frame: Frame, dept: str) -> str:
    return t("handover.done", frame.lang) if dept == DONE else frame.name("owner_dept", dept)


def _stays(frame: Frame, by_dept: pd.DataFrame) -> None:
    lang = frame.lang
    shape = pd.DataFrame(
        {
            "key": by_dept["dept"],
            "label": [frame.name("owner_dept", d) for d in by_dept["dept"]],
            "value": by_dept["share"],
            "low": float("nan"),
            "high": float("nan"),
            "n": by_dept["n"],
        }
    )
    most, slow = by_dept.loc[by_dept["share"].idxmax()], by_dept.loc[by_dept["p90"].idxmax()]
    title = t(
        "handover.stays_same" if most["dept"] == slow["dept"] else "handover.stays",
        lang,
        dept=frame.name("owner_dept", most["dept"]),
        share=numbers.rate(most["share"], lang),
        slow=frame.name("owner_dept", slow["dept"]),
        p90=numbers.duration(slow["p90"], lang),
    )
    draw.show(
        charts.ranked_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("handover.stays_subtitle", lang, n=numbers.count(by_dept["n"].sum(), lang)),
            select=True,
        ),
        key="flow_stays",
        on_select=lambda: _click("flow_stays"),
        selection_mode=[charts.PICK],
        alt=charts.ranked_alt(shape, lang=lang, title=title),
    )
    partners = _partners(frame)
    inside = by_dept[by_dept["dept"].isin(partners)]
    if len(inside):
        one = inside.iloc[0]
        said = {"p50": numbers.duration(one["p50"], lang), "p90": numbers.duration(one["p90"], lang)}
        states.note(t("handover.partner", lang, n=numbers.count(one["n"], lang), **said))
        _at_partners(frame)
        replay_next(frame, "partner")


def _at_partners(frame: Frame) -> None:
    """All partners together, where that tells of no few tickets."""
    lang, period = frame.lang, frame.comparison.now
    if data.supported(["M36"]):
        row = data.figures(["M36"], frame.viewer, [period], (), frame.filters).iloc[0]
        if row["M36_n"] >= SMALL_CELL:
            said = findings.value_text("M36", row["M36"], lang)
            line = t("handover.partner_mean", lang, mean=said, n=numbers.count(row["M36_n"], lang))
            st.markdown(f":small[:gray[{line}]]", help=data.measure_help("M36", lang))


def _partners(frame: Frame) -> list[str]:
    depts = data.table("dim_dept", frame.viewer)
    return list(depts.loc[depts["kind"] == "PARTNER", "dept_code"])


def _tables(frame: Frame, by_dept: pd.DataFrame, moves: pd.DataFrame) -> None:
    lang, dept = frame.lang, st.session_state["stop"]
    with st.expander(t("handover.tables", lang)):
        shape = pd.DataFrame(
            {
                "name": [frame.name("owner_dept", d) for d in by_dept["dept"]],
                "n": [numbers.count(v, lang) for v in by_dept["n"]],
                "p50": [numbers.duration(v, lang) for v in by_dept["p50"]],
                "p90": [numbers.duration(v, lang) for v in by_dept["p90"]],
                "mean": [numbers.duration(v * 60, lang) for v in by_dept["M26"]],
                "share": [numbers.rate(v, lang) for v in by_dept["share"]],
            }
        )
        states.small_table(
            shape, {c: t(f"handover.column_{c}", lang) for c in shape}, alt=t("handover.stays_table", lang)
        )
        states.note(t("handover.classes", lang))
        ways = moves[(moves["from_dept"] == dept) | (moves["to_dept"] == dept)] if dept else moves
        table = pd.DataFrame(
            {
                "name": [_name(frame, d) for d in ways["from_dept"]],
                "to": [_name(frame, d) for d in ways["to_dept"]],
                "kind": [t(f"handover.kind_{k}", lang) for k in ways["kind"]],
                "n": [numbers.count(v, lang) for v in ways["n"]],
            }
        )
        heads = {"name": "from", "to": "to", "kind": "kind", "n": "moves"}
        states.small_table(
            table, {c: t(f"handover.column_{k}", lang) for c, k in heads.items()}, alt=t("handover.moves_table", lang)
        )
        if frame.viewer.level == "L1":
            hidden_too = data.figures(
                ["M26_MOVES"], frame.viewer, [frame.comparison.now], ["from_dept", "to_dept", "came_by"], frame.filters
            )["is_small"]
            if hidden_too.any():
                hidden.note(frame, pd.DataFrame({"is_small": [True], "is_hidden_too": [False]}))
