"""The frame: what is said when there is nothing to show, links, language, role, and what stays in the URL."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._shared.text import LANGS, Lang, t
from tests.pages.conftest import OpenView, open_view  # noqa: F401  (the fixture, for this folder)
from warehouse.viewer import ROLES


@pytest.mark.parametrize("lang", LANGS)
def test_no_release_names_the_command(open_view: OpenView, tmp_path: Path, demo_home: Path, lang: Lang) -> None:  # noqa: F811
    shutil.copyfile(demo_home / "workspace.toml", tmp_path / "workspace.toml")
    for file in (*demo_home.glob("*.csv"), *demo_home.glob("*.geojson")):
        shutil.copyfile(file, tmp_path / file.name)
    at = open_view(tmp_path, "today", lang)
    assert [e.message for e in at.exception] == []
    assert [i.value for i in at.info] == [t("frame.no_release", lang)]
    assert [c.value for c in at.code] == ["make load"]


@pytest.mark.parametrize("lang", LANGS)
def test_a_broken_workspace_lists_every_fault(open_view: OpenView, tmp_path: Path, lang: Lang) -> None:  # noqa: F811
    (tmp_path / "workspace.toml").write_text(
        'id = "Not Valid"\nname = { zh = "x", en = "x" }\nlanguages = ["zh"]\n'
        'timezone = "Mars/Olympus"\nsources = []\n',
        encoding="utf-8",
    )
    at = open_view(tmp_path, "today", lang)
    assert [e.message for e in at.exception] == []
    assert [e.value for e in at.error] == [t("frame.broken", lang)]
    listed = "\n".join(x.value for x in at.text)
    for key in ("id", "timezone", "sources"):
        assert key in listed, "all faults at once"
    assert "workspace.toml" in listed


def test_a_home_that_is_not_there(open_view: OpenView, tmp_path: Path) -> None:  # noqa: F811
    """Neither a workspace nor a release: a message, no exception."""
    at = open_view(tmp_path / "nowhere", "today", "en")
    assert [e.message for e in at.exception] == []
    assert at.info or at.error


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("view", "url", "named"),
    [
        ("today", {"period": "fortnight"}, "fortnight"),
        ("today", {"region": "999999"}, "999999"),
        ("structure", {"part": "nonsense"}, "nonsense"),
        ("structure", {"colour": "blue"}, "colour"),
        ("tickets", {"page": "-3"}, "3"),
        ("tickets", {"page": "9" * 40}, "99"),
        ("tickets", {"sort": "drop table"}, "drop table"),
        ("quality", {"view": "x"}, "x"),
        ("definitions", {"measure": "M999"}, "M999"),
    ],
)
def test_nonsense_in_a_link_opens_the_view_with_a_hint(
    open_view: OpenView,  # noqa: F811
    demo_home: Path,
    view: str,
    url: dict[str, str],
    named: str,
    lang: Lang,
) -> None:
    at = open_view(demo_home, view, lang, "analyst", **url)
    assert [e.message for e in at.exception] == []
    said = [i.value.replace("\\", "") for i in at.info]
    start = t("state.bad_link", lang, value="\0").split("\0")[0]
    assert any(s.startswith(start) and named in s for s in said), said
    assert len(at.title) == 1
    for name in url:
        assert at.query_params.get(name) != url[name], "nonsense does not stay in the URL"


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "[x](http://evil.example)", "**bold**", "x" * 5000])
def test_a_hint_never_becomes_markup(open_view: OpenView, demo_home: Path, value: str) -> None:  # noqa: F811
    at = open_view(demo_home, "today", "en", region=value)
    assert [e.message for e in at.exception] == []
    (hint,) = [i.value for i in at.info]
    assert len(hint) < 300
    assert re.search(r"(?<!\\)[<>\[\]*`]", hint) is None, "every mark is escaped"


def test_one_hint_names_all_nonsense_of_a_link_once(open_view: OpenView, demo_home: Path) -> None:  # noqa: F811
    url = {"region": ["nowhere", "nowhere", "god"], "type": "zzz"} | {f"p{i}": "x" for i in range(30)}
    at = open_view(demo_home, "today", "en", **url)
    (hint,) = [i.value for i in at.info]
    assert "“nowhere”, “god”, “zzz”" in hint
    assert hint.count("“") == 5, "a link may carry any number of names"


def test_a_good_link_gets_no_hint(open_view: OpenView, demo_home: Path) -> None:  # noqa: F811
    at = open_view(demo_home, "rhythm", "zh", "analyst", region=["321002", "321003"], type="NET", period="weeks13")
    assert [i.value for i in at.info] == []
    assert at.multiselect(key="region").value == ["321002", "321003"]
    expected = {"part": "rhythm", "region": ["321002", "321003"], "type": "NET", "period": "weeks13", "role": "analyst"}
    assert at.query_params == expected


@pytest.mark.parametrize(
    ("view", "url"),
    [
        ("quality", {"region": "321003", "period": "weeks4"}),
        ("tickets", {"page": "2"}),
        ("structure", {"part": "rhythm", "period": "yesterday", "region": "321071", "type": "TRM"}),
    ],
)
def test_a_known_name_is_no_nonsense_where_it_has_no_effect(
    open_view: OpenView,  # noqa: F811
    demo_home: Path,
    view: str,
    url: dict[str, str],
) -> None:
    """A link carries filters to a view that does not use them, or a part to a view that is empty: no hint."""
    at = open_view(demo_home, view, "en", "manager", **url)
    start = t("state.bad_link", "en", value="\0").split("\0")[0]
    assert [i.value for i in at.info if i.value.startswith(start)] == []


@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("de-DE", "en")])
def test_language_follows_the_browser(open_view: OpenView, demo_home: Path, locale: str, lang: Lang) -> None:  # noqa: F811
    at = open_view(demo_home, "structure", None, locale=locale)
    assert at.title[0].value == t("types.title", lang)
    assert "lang" not in at.query_params, "the URL holds choices, not defaults"


def test_the_switch_wins_over_the_browser_and_stays(open_view: OpenView, demo_home: Path) -> None:  # noqa: F811
    at = open_view(demo_home, "structure", None, locale="zh-CN")
    at.segmented_control(key="lang").set_value("en").run()
    assert at.title[0].value == t("types.title", "en")
    assert at.query_params["lang"] == "en"
    at.switch_page("pages/data.py").run()
    assert at.title[0].value == t("nav.data", "en")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_lands_on_its_view(demo_home: Path, role: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    at = AppTest.from_file(str(Path(__file__).parent.parent / "app.py"), default_timeout=60)
    at.query_params["role"], at.query_params["lang"] = role, "en"
    at.run()
    assert [e.message for e in at.exception] == []
    expected = {
        "manager": "Today", "duty": t("warnings.title", "en"),
        "handler": t("due.title", "en"), "supervisor": t("due.title", "en"),
        "analyst": t("types.title", "en"), "planner": t("map.title", "en"),
        "auditor": t("nav.data", "en"), "engineer": t("nav.data", "en"),
        "wall": t("app.title", "en"),
    }[role]  # fmt: skip
    assert at.title[0].value.startswith(expected)
    assert at.selectbox(key="role").value == role


def test_a_manager_narrows_by_district_and_type_only(open_view: OpenView, demo_home: Path) -> None:  # noqa: F811
    at = open_view(demo_home, "structure", "en", "manager", channel="WEB")
    assert {m.key for m in at.multiselect} == {"region", "type"}
    assert "channel" not in at.query_params
    wide = open_view(demo_home, "structure", "en", "analyst", channel="WEB")
    assert {"region", "type", "channel", "age"} <= {m.key for m in wide.multiselect}
    assert wide.query_params["channel"] == "WEB"


def test_filters_go_along_from_page_to_page_and_clear(open_view: OpenView, demo_home: Path) -> None:  # noqa: F811
    at = open_view(demo_home, "today", "en", "analyst", region="321003", period="weeks4")
    at.query_params.clear()
    at.switch_page("pages/data.py").run()
    at.query_params.clear()
    at.switch_page("pages/complaints.py").run()
    assert at.multiselect(key="region").value == ["321003"]
    assert at.selectbox(key="period").value == "weeks4"
    assert at.query_params["region"] == "321003"
    at.button(key="reset").click().run()
    assert at.multiselect(key="region").value == []
    assert "region" not in at.query_params
