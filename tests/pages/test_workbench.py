"""The workbench of rules over the demo city: figures are those of the backtest, a slider moves them, saving is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alerts import backtest, live, store, versions
from alerts.backtest import changed
from alerts.rules import load_rules
from alerts.sources import Release
from pages._shared import data_rules
from pages._shared.blocks.rule_sliders import in_order, is_share, reach
from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.little import frames, little
from tests.pages.test_views import findings, opens, texts
from warehouse import ops
from warehouse.home import Home

RULES = load_rules()


@pytest.fixture
def ops_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/ops.db"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    return url


def widget(found: Any, key: str) -> Any:
    return next(w for w in found if w.key == key)


def figure(at: Any, name: str, column: str = "now") -> str:
    headers = {"name": t("bench.figure", "en"), column: at.table[0].value.columns[("name", "now", "new").index(column)]}
    table = little(at, lambda c: headers[c].replace("\\", ""), *headers)
    return str(table.loc[table["name"] == t(f"bench.figure_{name}", "en"), column].iloc[0])


def test_a_slider_moves_the_figures_and_what_stands_on_it_is_saved(
    open_view: OpenView, demo_home: Path, ops_url: str
) -> None:
    """One page run, then one per deed."""
    kept = ops.open_ops(ops_url)
    source = Release.current(Home(demo_home))
    begin = backtest.default_start(source.as_of)
    now = backtest.run(RULES["RC01"], source, begin, source.as_of)
    high = changed(RULES["RC01"], {"orange": 3.5})
    new = backtest.run(changed(high, {"yellow": 3.0}), source, begin, source.as_of)
    assert 0 < len(new.episodes) < len(now.episodes)

    at = open_view(demo_home, "warnings_rules", "en", "analyst", rule="RC01")
    opens(at, "warnings_rules", "en")
    assert figure(at, "n") == str(len(now.episodes)) and figure(at, "floods") == str(now.n_floods())
    [said] = findings(at)
    assert said.startswith(f"## Version 1, in force, raised {len(now.episodes)} warnings in 26 weeks")
    assert widget(at.button, "bench_save_button").disabled

    widget(at.slider, "try_RC01_1_orange").set_value(3.5)
    at = widget(at.slider, "try_RC01_1_yellow").set_value(3.0).run()
    opens(at, "warnings_rules", "en")
    assert (figure(at, "n"), figure(at, "n", "new")) == (str(len(now.episodes)), str(len(new.episodes)))
    assert f"{len(now.episodes) - len(new.episodes)} fewer than version 1" in findings(at)[0]

    at = widget(at.button, "bench_save_button").click().run()
    assert t("bench.needs_reason", "en") in texts(at.warning) and versions.newest(kept) == {}
    widget(at.text_input, "try_RC01_1_reason").set_value("too many at the turn of the month")
    at = widget(at.button, "bench_save_button").click().run()
    opens(at, "warnings_rules", "en")
    assert t("bench.saved", "en", rule="RC01", n=2) in texts(at.success)
    [version] = versions.history(kept, "RC01")
    assert version.settings["steps"] == {"yellow": 3.0, "orange": 3.5} and version.changed_by == "analyst"
    assert version.backtest["n"] == len(new.episodes)
    assert findings(at)[0].startswith(f"## Version 2, in force, raised {len(new.episodes)} warnings")
    assert "too many at the turn of the month" in str(at.dataframe[0].value["reason"].iloc[0])


def test_a_second_person_is_told(
    open_view: OpenView, demo_home: Path, ops_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another saves between what this person looked at and the click."""

    def faster(*_: Any) -> int:
        raise versions.Overtaken(2, "planner")

    at = open_view(demo_home, "warnings_rules", "zh", "supervisor", rule="RT01")
    widget(at.slider, "try_RT01_1_yellow").set_value(84.0)
    widget(at.text_input, "try_RT01_1_reason").set_value("试一试").run()
    monkeypatch.setattr(data_rules, "save", faster)
    at = widget(at.button, "bench_save_button").click().run()
    opens(at, "warnings_rules", "zh")
    assert texts(at.warning) == [t("bench.overtaken", "zh", n=2, by=word("role", "planner", "zh"))]


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_store_rules_are_tried_all_the_same(
    open_view: OpenView, demo_home: Path, ops_url: str, lang: Lang
) -> None:
    """No store is made by looking, and one who only handles may not save."""
    at = open_view(demo_home, "warnings_rules", lang, "handler", rule="RS10")
    opens(at, "warnings_rules", lang)
    assert t("bench.unjudged", lang) in [v for f in frames(at) for v in f.iloc[:, 1].astype(str)]
    assert [b.key for b in at.button if b.key == "bench_save_button"] == []
    assert not Path(ops_url.removeprefix("sqlite:///")).exists()


def test_what_would_be_missed_is_listed(open_view: OpenView, demo_home: Path, ops_url: str) -> None:
    """The surges that people found right, and a threshold above all of them."""
    kept = ops.open_ops(ops_url)
    source = Release.current(Home(demo_home))
    rule = RULES["RC07"]
    found = backtest.run(rule, source, backtest.default_start(source.as_of), source.as_of)
    live.run(kept, source, {"RC07": rule}, source.as_of, backtest.default_start(source.as_of))
    rows = store.warnings(kept)
    assert len(rows) == len(found.episodes) > 1, "live and backtest are one path"
    for row in rows[:2]:
        store.act(kept, row["warning_id"], "decide", "supervisor", source.as_of, "", decision="rectify")
    at = open_view(demo_home, "warnings_rules", "en", "manager", rule="RC07")
    assert figure(at, "precision") == "100.0% (2/2)" and figure(at, "recall") == "100.0% (2/2)"
    top = widget(at.slider, f"try_RC07_{rule.version}_orange").max
    at = widget(at.slider, f"try_RC07_{rule.version}_orange").set_value(top).run()
    opens(at, "warnings_rules", "en")
    n = 2 - int(figure(at, "recall", "new").split("(")[1].split("/")[0])
    assert n > 0 and findings(at)[0].endswith(f"misses {n} that {'was' if n == 1 else 'were'} found right.")
    assert any(t("bench.missed", "en", n=n) in m and "/warning?id=RC07-" in m for m in texts(at.markdown))


@pytest.mark.deep
def test_weeks_are_tried_with_another_error_and_a_warning_of_them_is_drawn(
    open_view: OpenView, demo_home: Path, ops_url: str
) -> None:
    """Of counts of weeks: a stricter α leaves fewer, and the card says week, count, limit and what judged."""
    source, rule = Release.current(Home(demo_home)), RULES["RC11"]
    begin = backtest.default_start(source.as_of)
    now = backtest.run(rule, source, begin, source.as_of)
    strict = backtest.run(changed(rule, {"alpha": 0.001}), source, begin, source.as_of)
    assert len(strict.episodes) < len(now.episodes)
    at = open_view(demo_home, "warnings_rules", "en", "analyst", rule="RC11")
    opens(at, "warnings_rules", "en")
    assert figure(at, "n") == str(len(now.episodes))
    at = widget(at.select_slider, "try_RC11_1_alpha").set_value(0.001).run()
    opens(at, "warnings_rules", "en")
    assert figure(at, "n", "new") == str(len(strict.episodes))

    kept = ops.open_ops(ops_url)
    live.run(kept, source, {"RC11": rule}, source.as_of)
    row = next(r for r in store.warnings(kept) if r["scope_id"] == "TAR/321012")
    for lang, said in (("zh", "一周投诉"), ("en", "Farrington's method on 4 years")):
        at = open_view(demo_home, "warning", lang, "manager", id=row["warning_id"])
        opens(at, "warning", lang)
        assert any(said in m for m in texts(at.markdown))
        assert any(rule.name(lang) in str(c) for c in [*texts(at.markdown), *texts(at.caption)])
        assert not any(t("warning.no_picture", lang) in m for m in texts(at.markdown))


def test_a_slider_moved_past_the_next_takes_it_along() -> None:
    rule = RULES["RN01"]
    assert in_order(rule, {"yellow": 7.0, "orange": 6.0, "recovery": 2.0}, 0.5) == {
        "yellow": 7.0, "orange": 7.5, "recovery": 2.0}  # fmt: skip
    assert in_order(rule, {"yellow": 1.5, "orange": 6.0, "recovery": 2.0}, 0.5)["recovery"] == 1.5
    down = RULES["RT01"]
    assert in_order(down, {"yellow": 0.7, "orange": 0.75}, 0.01) == {"yellow": 0.7, "orange": 0.69}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.id)
def test_the_reach_of_a_slider_holds_the_thresholds(rule: Any) -> None:
    """Also without any value, with one, and with wild ones; a signal's floor is not gone under."""
    for values in ([], [0.0], [min(rule.steps.values())] * 3, [0.0, 1e9, -1e9, 3.7]):
        low, high, step = reach(rule, values)
        known = [*rule.steps.values(), *([rule.recovery] if rule.recovery is not None else [])]
        assert low <= min(known) and max(known) <= high and step > 0
        assert (high - low) / step <= 400, "a slider can be set exactly"
    if "floor" in rule.parameters:
        assert reach(rule, [-300.0])[0] >= float(rule.parameters["floor"])
    assert not is_share(rule) or max(abs(v) for v in rule.steps.values()) <= 5
