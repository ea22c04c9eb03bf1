"""Hand-overs of the demo city: figures are those of the facts, what was planted is found, and not in a clean twin."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from warehouse import flow, judging, replays
from warehouse.analysis import replay, waits
from warehouse.analysis.replay import Rule
from warehouse.figures import add_values
from warehouse.home import Home
from warehouse.periods import Period, compare
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer

ANALYST, MANAGER = Viewer.of("analyst"), Viewer.of("manager")
NOTHING = Filters()
OFFICES = {"NET", "NETMAINT", "BIL", "MKT", "TECH"}
RATES = ("M25_RIGHT", "M25_REJECT", "M25_PASS", "M27", "M27_THRICE", "M27_REOPEN", "M28", "M33", "M05_GAPS", "M37")
pytestmark = pytest.mark.xdist_group("demo_home")


def year(reader: Reader) -> Period:
    return compare("year", reader.info["as_of"]).now


def rates(reader: Reader, period: Period) -> pd.Series:
    return add_values(reader.figures(RATES, ANALYST, [period]), RATES).iloc[0]


def classes(reader: Reader, measure: str, period: Period, *by: str) -> pd.DataFrame:
    column = {"M28_WAIT": "dispatch_class", "M29": "reply_class", "M37_PICK": "pick_class"}.get(measure, "wait_class")
    found = reader.figures([measure], ANALYST, [period], [*by, column]).rename(columns={column: "wait_class"})
    return found.assign(n=found[f"{measure}_num"].astype(float)).query("n > 0")


def stay_quantiles(reader: Reader, period: Period) -> pd.DataFrame:
    return waits.quantiles(classes(reader, "M26_N", period, "dept"), ["dept"], "n", [0.5, 0.9]).set_index("dept")


def weekend_lag(reader: Reader, period: Period) -> pd.Series:
    lags = waits.ratio_of_medians(classes(reader, "M29", period, "dept", "is_off"), ["dept"], "is_off", "n")
    return lags[lags["n_true"] >= 30].set_index("dept")["ratio"]


def queue(reader: Reader, period: Period) -> pd.Series:
    found = classes(reader, "M28_WAIT", period, "is_approved", "is_month_edge", "hour_of_day")
    found = found[~found["is_approved"].astype(bool)]
    found = found.assign(is_rush=found["is_month_edge"].astype(bool) & found["hour_of_day"].isin(range(9, 12)))
    return waits.quantiles(found, ["is_rush"], "n", [0.5]).set_index("is_rush")["p50"]


def picking(reader: Reader, period: Period) -> pd.DataFrame:
    found = classes(reader, "M37_PICK", period, "dept", "type_l1", "type_code")
    return waits.slowest_and_quickest(found, ["dept", "type_l1"], "type_code", "n", least=50)


def approved(reader: Reader, period: Period) -> pd.DataFrame:
    found = waits.quantiles(classes(reader, "M28_WAIT", period, "is_approved"), ["is_approved"], "n", [0.5])
    return found.set_index("is_approved")


def stuck_ids(reader: Reader) -> set[str]:
    return set(flow.stuck(reader, ANALYST, NOTHING, 0, 500)[0]["ticket_id"])


def truth(home: Path) -> pd.Series:
    """Event of the answer key -> its ticket."""
    known = pd.read_csv(home / "truth_events.csv").set_index("event_id")["scope"]
    return known[known.str.startswith("ticket:")].str.removeprefix("ticket:")


# --- figures are those of the facts --------------------------------------------------------------------------

STAYS = """
select
    d.dept, count(*) as n, median(d.dwell_min) as p50,
    percentile_cont(0.9) within group (order by d.dwell_min) as p90
from fact_dept_dwell as d join mart_ticket as t on t.ticket_id = d.ticket_id
where t.accepted_on >= ? and t.accepted_on < ? group by d.dept
"""


def test_stays_and_their_quantiles_are_those_of_the_facts(demo_reader: Reader) -> None:
    period = year(demo_reader)
    known = demo_reader.ask(STAYS, [period.first, period.end]).set_index("dept")
    told = stay_quantiles(demo_reader, period)
    assert told["n"].to_dict() == known["n"].to_dict()
    for quantile in ("p50", "p90"):
        assert (told[quantile] / known[quantile] - 1).abs().max() < 0.03, quantile


COUNTS = """
select
    count_if(t.n_transfers >= 3) as thrice, count_if(t.n_loops > 0) as looped, count_if(t.n_reopens > 0) as reopened,
    sum(t.n_transfers) as transfers, sum(g.n_approvals) as approvals
from mart_ticket as t join fact_ticket_log as g on g.ticket_id = t.ticket_id
where t.accepted_on >= ? and t.accepted_on < ?
"""


@pytest.mark.parametrize("kind", ["year", "week", "month"])
def test_counts_are_those_of_the_facts(demo_reader: Reader, kind: str) -> None:
    period = compare(kind, demo_reader.info["as_of"]).now  # type: ignore[arg-type]
    known = demo_reader.ask(COUNTS, [period.first, period.end]).iloc[0]
    ids = ["M27_THRICE", "M27", "M27_REOPEN", "M25_MOVES", "M28"]
    told = demo_reader.figures(ids, ANALYST, [period]).iloc[0]
    assert [told[f"{i}_num"] for i in ids] == [
        known[c] for c in ("thrice", "looped", "reopened", "transfers", "approvals")
    ]
    n = {d: flow.detours(demo_reader, ANALYST, period, NOTHING, d, 0, 1)[1] for d in ("thrice", "loop", "reopened")}
    assert n == {"thrice": known["thrice"], "loop": known["looped"], "reopened": known["reopened"]}


def test_every_ticket_leaves_where_it_came_to(demo_reader: Reader) -> None:
    """Moves into a department are the stays there, moves to DONE the closed tickets."""
    period = year(demo_reader)
    moves = demo_reader.figures(["M26_MOVES"], ANALYST, [period], ["to_dept"]).set_index("to_dept")["M26_MOVES_num"]
    closed = demo_reader.figures(["M05_GAPS"], ANALYST, [period])["M05_GAPS_den"].iloc[0]
    assert moves["DONE"] == closed
    stays = demo_reader.figures(["M26_N"], ANALYST, [period], ["dept"]).set_index("dept")["M26_N_num"]
    into, there = moves.drop(["DONE", "CARE"]), stays.drop("CARE")
    assert all(into[dept] <= there[dept] for dept in there.index)
    assert into.sum() >= 0.9 * there.sum(), "the rest are reopenings"


def test_a_path_is_the_departments_in_order(demo_reader: Reader) -> None:
    rows, _ = flow.detours(demo_reader, ANALYST, year(demo_reader), NOTHING, "loop", 0, 50)
    for path in rows["path"]:
        depts = path.split(" → ")
        assert len(set(depts)) < len(depts), "somebody had it twice"


def test_rows_are_not_for_managers(demo_reader: Reader) -> None:
    for ask in (
        lambda: flow.detours(demo_reader, MANAGER, year(demo_reader), NOTHING, "loop", 0, 5),
        lambda: flow.stuck(demo_reader, MANAGER, NOTHING, 0, 5),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_a_district_sees_its_own(demo_reader: Reader) -> None:
    one = Viewer.of("analyst", frozenset({"321002"}))
    rows, n = flow.detours(demo_reader, one, year(demo_reader), NOTHING, "thrice", 0, 500)
    assert 0 < n < flow.detours(demo_reader, ANALYST, year(demo_reader), NOTHING, "thrice", 0, 1)[1]
    assert set(rows["region_code"]) == {"321002"}
    tickets, all_n = replays.to_replay(demo_reader, one, year(demo_reader), NOTHING, ["NET"], ["PARTNER"], 10**6)
    assert len(tickets) == all_n and set(tickets["region_code"]) == {"321002"}


# --- the replay ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["year", "week", "month", "weeks13"])
@pytest.mark.parametrize("where", [NOTHING, Filters.of({"type_l1": ["NET"]}), Filters.of({"channel_code": ["APP"]})])
def test_no_change_lands_on_the_actual_figures(demo_reader: Reader, kind: str, where: Filters) -> None:
    period = compare(kind, demo_reader.info["as_of"]).now  # type: ignore[arg-type]
    tickets, n = replays.to_replay(demo_reader, ANALYST, period, where, ["NET"], ["PARTNER"], 10**6)
    actual = demo_reader.figures(["M03", "M04"], ANALYST, [period], (), where).iloc[0]
    on_time = replay.is_on_time(tickets, replay.saved_s(tickets, Rule("none"), 1.0))
    assert (on_time.sum(), len(tickets), n) == (actual["M03_num"], actual["M03_den"], actual["M03_den"])
    is_due = tickets["is_due"].to_numpy(dtype=bool)
    assert (on_time[is_due].sum(), is_due.sum()) == (actual["M04_num"], actual["M04_den"])


@pytest.mark.parametrize("kind", ["year", "week"])
def test_no_change_lands_on_what_other_policies_say(demo_reader: Reader, kind: str) -> None:
    period = compare(kind, demo_reader.info["as_of"]).now  # type: ignore[arg-type]
    replayable = replays.policies_to_replay(demo_reader)
    assert {"CITY-2024", "CITY-2025", "STRETCH"} <= set(replayable) and "REG-12315" not in replayable
    told = judging.judged(demo_reader, ANALYST, period, NOTHING, policies=replayable)
    told = told[told["stage"] == "FBK"].set_index("policy_id")
    for policy in replayable:
        tickets, n = replays.to_replay(demo_reader, ANALYST, period, NOTHING, [], ["PARTNER"], 10**6, policy)
        on_time = replay.is_on_time(tickets, replay.saved_s(tickets, Rule("none"), 1.0))
        known = told.loc[policy]
        assert (on_time.sum(), n) == (known["n_on_time"], known["n"]), policy
        assert tickets["is_due"].sum() == known["n"] - known["n_soon_due"] - known["n_running"], policy


def test_what_may_be_saved_is_never_more_than_the_ticket_took(demo_reader: Reader) -> None:
    tickets, _ = replays.to_replay(demo_reader, ANALYST, year(demo_reader), NOTHING, ["NET"], ["PARTNER"], 10**6)
    closed = tickets.dropna(subset=["took_s"])
    for column in ("off_s", "partner_s", "approval_s"):
        assert (closed[column] <= closed["took_s"]).all(), column
        assert (closed[column] > 0).any(), column


def test_a_sample_says_what_all_say(demo_reader: Reader) -> None:
    period = year(demo_reader)
    actual = demo_reader.figures(["M03"], ANALYST, [period]).iloc[0]
    before = (int(actual["M03_num"]), int(actual["M03_den"]))
    whole, n = replays.to_replay(demo_reader, ANALYST, period, NOTHING, ["NET"], ["PARTNER"], 10**6)
    part, of = replays.to_replay(demo_reader, ANALYST, period, NOTHING, ["NET"], ["PARTNER"], 4000)
    assert of == n and 3600 < len(part) < 4400 and set(part["ticket_id"]) <= set(whole["ticket_id"])
    told, sampled = (
        replay.effect(whole, Rule("duty"), before),
        replay.effect(part, Rule("duty"), before, scale=n / len(part)),
    )
    assert sampled.low <= told.after <= sampled.high
    assert sampled.high - sampled.low > told.high - told.low, "a sample is less sure"


def test_the_planted_gaps_are_what_a_replay_wins_back(demo_reader: Reader) -> None:
    """Weekends at the network department cost most; approvals concern the network tickets of half a year only."""
    period = year(demo_reader)
    actual = demo_reader.figures(["M03"], ANALYST, [period]).iloc[0]
    before = (int(actual["M03_num"]), int(actual["M03_den"]))
    gains = {}
    for dept in ("NET", "HALLMGT"):
        tickets, _ = replays.to_replay(demo_reader, ANALYST, period, NOTHING, [dept], ["PARTNER"], 10**6)
        told = replay.effect(tickets, Rule("duty"), before)
        gains[dept] = told.after - told.before
    assert gains["NET"] > 0.03
    assert replay.by_group(tickets, Rule("approval"), "type_l1").query("n_changed > 0")["type_l1"].tolist() == ["NET"]


# --- what was planted (answer key of the demo city) ----------------------------------------------------------


def test_pb01_approvals_hold_up_the_dispatch(demo_reader: Reader) -> None:
    told = approved(demo_reader, year(demo_reader))
    assert 150 < told.loc[True, "p50"] - told.loc[False, "p50"] < 240, "three hours"
    by_type = demo_reader.figures(["M28"], ANALYST, [year(demo_reader)], ["type_l1"]).set_index("type_l1")["M28_num"]
    assert by_type[by_type > 0].index.tolist() == ["NET"]
    now = compare("weeks13", demo_reader.info["as_of"]).now
    assert demo_reader.figures(["M28"], ANALYST, [now])["M28_num"].iloc[0] == 0, "none in 2025"


def test_pb02_one_department_sits_on_tickets(demo_reader: Reader, demo_home: Path) -> None:
    middle = stay_quantiles(demo_reader, year(demo_reader))["p50"]
    assert middle.idxmax() == "HR" and 30 * 60 < middle["HR"] < 50 * 60, "forty hours"
    known = truth(demo_home)
    assert set(known[["L-HANDOVER", "L-PARTNER", "L-15DAYS", "L-URGENT"]]) <= stuck_ids(demo_reader)


def test_pb03_buck_passing_and_loops(demo_reader: Reader, demo_home: Path) -> None:
    told = rates(demo_reader, year(demo_reader))
    assert 0.03 < told["M27_THRICE"] < 0.06 and 0.02 < told["M27"] < 0.04
    week = compare("week", demo_reader.info["as_of"]).now
    rows, _ = flow.detours(demo_reader, ANALYST, week, NOTHING, "loop", 0, 500)
    assert truth(demo_home)["L-LOOP"] in set(rows["ticket_id"])


def test_pb04_tickets_go_round_again(demo_reader: Reader, demo_home: Path) -> None:
    assert 0.05 < rates(demo_reader, year(demo_reader))["M27_REOPEN"] < 0.08
    weeks = compare("weeks4", demo_reader.info["as_of"]).now
    rows, _ = flow.detours(demo_reader, ANALYST, weeks, NOTHING, "reopened", 0, 500)
    assert truth(demo_home)["L-REOPEN"] in set(rows.loc[rows["n_reopens"] >= 2, "ticket_id"])


def test_pb15_stages_are_missing(demo_reader: Reader) -> None:
    assert 0.02 < rates(demo_reader, year(demo_reader))["M05_GAPS"] < 0.06


def test_pb17_offices_leave_a_weekend_gap_and_care_does_not(demo_reader: Reader) -> None:
    lag = weekend_lag(demo_reader, year(demo_reader))
    assert (lag[list(OFFICES)] > 1.5).all()
    assert (lag[["CARE", "HALLMGT"]] < 1.5).all()


def test_pb18_the_hard_ones_wait(demo_reader: Reader) -> None:
    wide = picking(demo_reader, year(demo_reader)).query("ratio >= 2")
    assert set(wide["type_l1"]) == {"NET"} and "NET" in set(wide["dept"])
    assert set(wide["slow"]) <= {"NET01", "NET04", "NET07"}, "no signal, congestion, outage"
    assert 0.5 < rates(demo_reader, year(demo_reader))["M37"] < 0.95


def test_pb19_partners_take_long(demo_reader: Reader) -> None:
    told = stay_quantiles(demo_reader, year(demo_reader))["p50"]
    assert told["PARTNER"] > 15 * 60, "eighteen hours"
    assert told["PARTNER"] > told[["BIL", "MKT", "HALLMGT", "TECH", "CARE"]].max()


def test_pb23_sent_wrong_and_not_asked(demo_reader: Reader) -> None:
    told = rates(demo_reader, year(demo_reader))
    assert told["M25_REJECT"] > 0.005 and told["M25_RIGHT"] < 0.9 and told["M33"] < 0.95
    unasked = demo_reader.figures(["M05_SAT"], ANALYST, [year(demo_reader)]).iloc[0]
    assert unasked["M05_SAT_num"] > 0.2 * unasked["M05_SAT_den"], "no answer is asked of 30 %"


def test_pb24_mornings_at_the_turn_of_the_month_queue(demo_reader: Reader) -> None:
    told = queue(demo_reader, year(demo_reader))
    assert told[True] > 2 * told[False]


@pytest.mark.deep
def test_a_clean_twin_has_none_of_it(twin_home: Path) -> None:
    current = Releases(Home(twin_home).releases).current()
    assert current is not None
    twin = Reader(Releases(Home(twin_home).releases).path(current))
    period = year(twin)
    told = rates(twin, period)
    assert told[["M28", "M27_THRICE", "M27_REOPEN"]].tolist() == [0, 0, 0], "PB01, PB03, PB04"
    assert told["M27"] < 0.01, "PB03: only what goes back to care, which took it in"
    assert told["M05_GAPS"] == 0 and told["M25_REJECT"] == 0, "PB15, PB23"
    middle = stay_quantiles(twin, period)["p50"]
    assert "HR" not in middle and "PARTNER" not in middle, "PB02, PB19"
    assert (weekend_lag(twin, period) < 1.5).all(), "PB17"
    assert picking(twin, period).query("ratio >= 2").empty and told["M37"] > 0.98, "PB18"
    rush = queue(twin, period)
    assert rush[True] < 1.5 * rush[False], "PB24"
