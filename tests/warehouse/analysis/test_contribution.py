"""What moved the total: sums that add up, planted causes found, noise left alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from warehouse.analysis.contribution import (
    COLUMNS,
    RATE_COLUMNS,
    contributions,
    explain,
    rate_contributions,
    top_cells,
)

DIMS = ["type", "region", "channel"]
TYPES = ["NET", "SVC", "TAR", "BIZ", "TRM"]
REGIONS = ["321002", "321003", "321012", "321023"]
CHANNELS = ["HOTLINE", "WEB", "APP"]


def frame(mean: float = 10.0, seed: int | None = None, plant: dict[tuple, int] | None = None) -> pd.DataFrame:
    """Every cell with the same mean; exact without a seed, Poisson with one; planted cells get more."""
    random = None if seed is None else np.random.default_rng(seed)
    rows = []
    for t in TYPES:
        for r in REGIONS:
            for c in CHANNELS:
                n = int(mean) if random is None else int(random.poisson(mean))
                for cell, extra in (plant or {}).items():
                    if all(want in ("*", got) for want, got in zip(cell, (t, r, c), strict=True)):
                        n += extra
                rows.append((t, r, c, n))
    return pd.DataFrame(rows, columns=[*DIMS, "n"])


cells = st.lists(
    st.tuples(st.sampled_from(TYPES), st.sampled_from(REGIONS), st.sampled_from(CHANNELS), st.integers(0, 60)),
    max_size=30,
).map(lambda rows: pd.DataFrame(rows, columns=[*DIMS, "n"]))


def test_contributions_of_one_dim_by_hand():
    before = pd.DataFrame({"type": ["NET", "NET", "TAR"], "n": [60, 10, 30]})
    now = pd.DataFrame({"type": ["NET", "TAR", "BIZ"], "n": [100, 20, 5]})
    table = contributions(now, before, ["type"], "n")
    assert list(table.columns) == COLUMNS
    assert table[["dim", "key", "before", "now", "change"]].to_numpy().tolist() == [
        ["type", "NET", 70, 100, 30],
        ["type", "TAR", 30, 20, -10],
        ["type", "BIZ", 0, 5, 5],
    ]
    assert table["share_of_change"].tolist() == [30 / 25, -10 / 25, 5 / 25]
    assert table["p_value"].tolist() == pytest.approx([0.0256, 0.2026, 0.0625], abs=1e-3)


@settings(deadline=None)
@given(cells, cells)
def test_contributions_of_every_dim_add_up_to_the_change(now, before):
    table = contributions(now, before, DIMS, "n")
    for dim in DIMS:
        part = table[table["dim"] == dim]
        assert part["change"].sum() == now["n"].sum() - before["n"].sum()
        assert part["before"].sum() == before["n"].sum()
    assert not table.duplicated(["dim", "key"]).any()


def test_a_net_change_of_zero_has_no_shares():
    table = contributions(frame(), frame(), ["type"], "n")
    assert table["share_of_change"].isna().all()


def test_an_unmapped_key_is_a_key():
    now = pd.DataFrame({"type": ["NET", None], "n": [5, 7]})
    table = contributions(now, now.assign(n=1), ["type"], "n")
    assert table["change"].tolist() == [6, 4] and pd.isna(table["key"][0])


@pytest.mark.parametrize("bad", [-1, 0.5, float("nan")])
def test_what_is_not_a_count_is_refused(bad):
    wrong = pd.DataFrame({"type": ["NET"], "n": [bad]})
    with pytest.raises(ValueError, match='"n": expected whole counts of 0 or more'):
        contributions(wrong, wrong.assign(n=1), ["type"], "n")


def test_top_cells_rank_by_movement_and_carry_every_dim():
    before, now = frame(), frame(plant={("NET", "321002", "APP"): 30, ("TAR", "321003", "WEB"): -8})
    top = top_cells(now, before, DIMS, "n", limit=2)
    assert top[[*DIMS, "change"]].to_numpy().tolist() == [
        ["NET", "321002", "APP", 30],
        ["TAR", "321003", "WEB", -8],
    ]


@pytest.mark.parametrize(
    ("cell", "keys"),
    [
        (("NET", "321002", "APP"), {"type": "NET", "region": "321002", "channel": "APP"}),
        (("NET", "321002", "*"), {"type": "NET", "region": "321002"}),
        (("NET", "*", "*"), {"type": "NET"}),
        (("*", "*", "WEB"), {"channel": "WEB"}),
        (("TAR", "*", "WEB"), {"type": "TAR", "channel": "WEB"}),
    ],
)
def test_a_planted_cause_is_named_at_its_own_depth(cell, keys):
    story = explain(frame(plant={cell: 30}), frame(), DIMS, "n")
    assert [item.keys for item in story.items] == [keys]
    assert story.items[0].share_of_change == 1.0 and story.remainder == 0
    assert not story.is_broad


def test_a_cell_may_move_while_the_total_does_not():
    one, many = ({("NET", "321002", depth): 30} for depth in ("APP", "*"))
    assert explain(frame(plant=one), frame(), DIMS, "n").verdict == "normal"
    assert explain(frame(plant=many), frame(), DIMS, "n").verdict == "worse"


@pytest.mark.parametrize("seed", range(8))
def test_a_planted_cause_is_named_in_noise_too(seed):
    plant = {("NET", "321002", "*"): 40}
    story = explain(frame(seed=seed, plant=plant), frame(seed=seed + 100), DIMS, "n")
    assert story.items[0].keys == {"type": "NET", "region": "321002"}


def test_a_rise_and_a_fall_that_cancel_are_both_told():
    plant = {("NET", "321002", "*"): 25, ("NET", "321003", "*"): -16}
    before = frame(mean=20)
    story = explain(frame(mean=20, plant=plant), before, DIMS, "n")
    assert [item.keys for item in story.increases] == [{"type": "NET", "region": "321002"}]
    assert [item.keys for item in story.decreases] == [{"type": "NET", "region": "321003"}]
    assert story.items[0].change == 75 and story.items[1].change == -48 and story.remainder == 0


def test_no_cell_is_counted_twice_when_items_overlap():
    plant = {("NET", "*", "*"): 20, ("*", "321002", "*"): 20}
    story = explain(frame(plant=plant), frame(), DIMS, "n")
    assert [item.keys for item in story.items] == [{"region": "321002"}, {"type": "NET"}]
    assert [item.is_partial for item in story.items] == [False, True]
    assert story.items[1].before == 3 * 3 * 10
    assert story.items[0].change + story.items[1].change == story.change


def test_a_group_that_is_everything_its_parent_has_goes_by_the_shorter_name():
    before = pd.DataFrame({"type": ["NET", "TAR"], "channel": ["APP", "WEB"], "n": [20, 200]})
    story = explain(before.assign(n=[80, 200]), before, ["type", "channel"], "n")
    assert [item.keys for item in story.items] == [{"type": "NET"}]


def test_a_rise_everywhere_is_called_broad():
    story = explain(frame(mean=15), frame(mean=10), DIMS, "n")
    assert story.is_broad and story.verdict == "worse"


def test_noise_is_not_narrated():
    told = [explain(frame(seed=s), frame(seed=s + 10_000), DIMS, "n") for s in range(200)]
    assert sum(bool(story.items) for story in told) <= 12
    assert sum(story.verdict != "normal" for story in told) <= 20


@pytest.mark.parametrize(("direction", "verdicts"), [("down", ("worse", "better")), ("up", ("better", "worse"))])
def test_the_verdict_follows_the_good_direction(direction, verdicts):
    low, high = frame(mean=10), frame(mean=14)
    assert explain(high, low, DIMS, "n", good_direction=direction).verdict == verdicts[0]
    assert explain(low, high, DIMS, "n", good_direction=direction).verdict == verdicts[1]
    assert explain(low, low, DIMS, "n", good_direction=direction).verdict == "normal"


@pytest.mark.examples
@settings(max_examples=examples(60, 12), deadline=None)
@given(cells, cells, st.integers(0, 4))
def test_items_and_remainder_always_add_up(now, before, max_items):
    story = explain(now, before, DIMS, "n", max_items=max_items)
    assert story.total_now == now["n"].sum() and story.total_before == before["n"].sum()
    assert sum(item.change for item in story.items) + story.remainder == story.change
    assert len(story.items) <= max_items
    assert all(item.p_value <= item.p_adjusted < 0.05 and item.change != 0 for item in story.items)


def test_two_empty_periods_have_nothing_to_tell():
    empty = frame().iloc[:0]
    story = explain(empty, empty, DIMS, "n")
    assert (story.change, story.items, story.verdict, story.is_broad) == (0, [], "normal", False)


def test_without_dims_only_the_total_speaks():
    story = explain(frame(mean=14), frame(mean=10), [], "n")
    assert (story.change, story.items, story.remainder, story.verdict) == (240, [], 240, "worse")


# --- rates


rates = st.lists(
    st.tuples(st.sampled_from(TYPES), st.integers(0, 40), st.integers(0, 40)).map(
        lambda row: (row[0], min(row[1], row[2]), max(row[1], row[2]))
    ),
    min_size=1,
    max_size=12,
).map(lambda rows: pd.DataFrame(rows, columns=["type", "k", "n"]))


@settings(deadline=None)
@given(rates, rates)
def test_mix_and_within_add_up_to_the_change_of_the_rate(now, before):
    table = rate_contributions(now, before, ["type"], "k", "n")
    assert list(table.columns) == RATE_COLUMNS
    if not now["n"].sum() or not before["n"].sum():
        assert not np.isfinite(table["effect"]).any() or (table["effect"].dropna() == 0).all()
        return
    change = now["k"].sum() / now["n"].sum() - before["k"].sum() / before["n"].sum()
    assert (table["mix_effect"] + table["within_effect"]).sum() == pytest.approx(change, abs=1e-12)
    assert table["effect"].sum() == pytest.approx(change, abs=1e-12)


def test_a_pure_change_of_mix_has_no_within():
    before = pd.DataFrame({"type": ["NET", "TAR"], "k": [50, 90], "n": [100, 100]})
    now = pd.DataFrame({"type": ["NET", "TAR"], "k": [150, 90], "n": [300, 100]})
    table = rate_contributions(now, before, ["type"], "k", "n").set_index("key")
    assert table["within_effect"].tolist() == [0, 0]
    assert table["mix_effect"].sum() == pytest.approx(240 / 400 - 140 / 200)
    assert table.loc["NET", "mix_effect"] < 0 and table.loc["TAR", "mix_effect"] < 0


def test_a_pure_change_of_rates_has_no_mix():
    before = pd.DataFrame({"type": ["NET", "TAR"], "k": [50, 90], "n": [100, 100]})
    table = rate_contributions(before.assign(k=[70, 90]), before, ["type"], "k", "n").set_index("key")
    assert table["mix_effect"].tolist() == [0, 0]
    assert table.loc["NET", "within_effect"] == pytest.approx(0.1)
    assert table.loc["NET", "p_value"] == pytest.approx(0.0039, abs=1e-4)


def test_a_new_key_is_all_mix():
    before = pd.DataFrame({"type": ["NET"], "k": [50], "n": [100]})
    now = pd.DataFrame({"type": ["NET", "TAR"], "k": [50, 90], "n": [100, 100]})
    table = rate_contributions(now, before, ["type"], "k", "n").set_index("key")
    assert table.loc["TAR", "within_effect"] == 0
    assert np.isnan(table.loc["TAR", "rate_before"]) and np.isnan(table.loc["TAR", "p_value"])
    assert table["effect"].sum() == pytest.approx(0.2)


def test_complaints_per_user_are_split_but_not_tested_as_shares():
    before = pd.DataFrame({"region": ["321002"], "k": [30], "n": [10]})
    table = rate_contributions(before.assign(k=40), before, ["region"], "k", "n")
    assert table["effect"].tolist() == [pytest.approx(1.0)] and table["p_value"].isna().all()


def test_a_numerator_without_denominator_is_refused():
    before = pd.DataFrame({"type": ["NET", "TAR"], "k": [5, 1], "n": [10, 0]})
    with pytest.raises(ValueError, match='type "TAR": k without any n'):
        rate_contributions(before, before, ["type"], "k", "n")
