"""The pages of warnings over the demo city's store, an empty store and none: languages, roles, deeds, links."""

from __future__ import annotations

import pytest

from pages._shared.text import LANGS, Lang, t
from tests.pages.conftest import OpenView
from tests.pages.test_views import findings, opens, texts

VIEWS = ("warnings_todo", "warnings_all")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGS)
def test_before_the_first_run_the_command_is_named(
    open_view: OpenView, demo_home: object, view: str, lang: Lang, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path}/none.db")
    at = open_view(demo_home, view, lang, "duty")
    opens(at, view, lang)
    assert t("warnings.never_run", lang) in texts(at.info)
    assert [c.value for c in at.code] == ["python -m alerts run"]
    assert findings(at) == []
