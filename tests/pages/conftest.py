"""Opening views without a browser, over homes that are full, empty, of one ticket, or stale."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pages._shared.shell import LANDING
from tests.pages.homes import shipped_home, ticket, tiny_home
from tests.sharing import once

APP = Path(__file__).resolve().parents[2] / "app.py"
AS_OF = datetime(2025, 3, 31, 8, 30)

# What the tests call a view -> page file, URL parameters.
VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    "today": ("today.py", {}),
    "structure": ("complaints.py", {}),
    "subtypes": ("complaints.py", {"part": "subtypes"}),
    "rhythm": ("complaints.py", {"part": "rhythm"}),
    "who": ("complaints.py", {"part": "who"}),
    "tickets": ("tickets.py", {}),
    "repeats": ("complaints.py", {"view": "repeats"}),
    "outside": ("complaints.py", {"view": "repeats", "part": "outside"}),
    "opinion": ("complaints.py", {"view": "repeats", "part": "opinion"}),
    "cases": ("actions.py", {"view": "cases"}),
    "register": ("actions.py", {}),
    "worked": ("actions.py", {"view": "worked"}),
    "quality": ("data.py", {}),
    "definitions": ("data.py", {"view": "definitions"}),
    "access": ("data.py", {"view": "access"}),
    "due": ("flow.py", {}),
    "compliance": ("flow.py", {"view": "compliance"}),
    "compliance_rules": ("flow.py", {"view": "compliance", "part": "rules"}),
    "compliance_open": ("flow.py", {"view": "compliance", "part": "open"}),
    "handover": ("flow.py", {"view": "handover"}),
    "handover_gaps": ("flow.py", {"view": "handover", "part": "gaps"}),
    "handover_detours": ("flow.py", {"view": "handover", "part": "detours"}),
    "handover_still": ("flow.py", {"view": "handover", "part": "still"}),
    "replay": ("flow.py", {"view": "replay"}),
    "replay_firstline": ("flow.py", {"view": "replay", "rule": "firstline"}),
    "satisfaction": ("complaints.py", {"view": "satisfaction"}),
    "voice_units": ("complaints.py", {"view": "satisfaction", "part": "units"}),
    "voice_why": ("complaints.py", {"view": "satisfaction", "part": "why"}),
    "voice_survey": ("complaints.py", {"view": "satisfaction", "part": "survey"}),
    "assessment": ("flow.py", {"view": "assessment"}),
    "map": ("hotspots.py", {}),
    "map_towns": ("hotspots.py", {"paint": "towns"}),
    "map_cells": ("hotspots.py", {"paint": "cells", "over": "alarms"}),
    "map_weak": ("hotspots.py", {"paint": "weak", "over": "halls"}),
    "hotspots": ("hotspots.py", {"view": "hotspots"}),
    "hotspot": ("hotspot.py", {}),
    "hotspot_needs": ("hotspots.py", {"view": "sites"}),
    "hotspot_effects": ("hotspots.py", {"view": "effects"}),
    "cells": ("hotspots.py", {"view": "cells"}),
    "cell": ("cell.py", {"id": "460-00-900011-3"}),
    "warnings_todo": ("warnings.py", {}),
    "warnings_all": ("warnings.py", {"view": "all"}),
    "warnings_rules": ("warnings.py", {"view": "rules"}),
    "warning": ("warning.py", {}),
    "wall": ("wall.py", {}),
    "review": ("review.py", {"item": "overall"}),
    "review_annex": ("review.py", {"item": "annex"}),
    "service": ("complaints.py", {"part": "service"}),
}
OpenView = Callable[..., Any]


@pytest.fixture
def open_view(monkeypatch: pytest.MonkeyPatch) -> OpenView:
    """`open_view(home, view, lang, role, **url)` runs app.py on that view and gives the AppTest.

    `lang` None leaves the language to the browser, whose locale is `locale`.
    """
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import AppTest, app_test

    # AppTest forgets at every run that st.navigation has taken over from the automatic pages/ folder.
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    monkeypatch.setattr(app_test, "PagesManager", type("PagesManager", (PagesManager,), {}))
    monkeypatch.setenv("LOOKOUT_STRICT_TEXT", "1")

    def opened(
        home: Path,
        view: str = "today",
        lang: str | None = "en",
        role: str | None = None,
        /,
        *,
        locale: str | None = None,
        **url: Any,
    ) -> Any:
        monkeypatch.setenv("LOOKOUT_HOME", str(home))
        at = AppTest.from_file(str(APP), default_timeout=60)
        page, own = VIEWS[view]
        if page != f"{LANDING[role or 'manager']}.py":
            at.switch_page(f"pages/{page}")
        for name, value in {**({"lang": lang} if lang else {}), **own, **url}.items():
            at.query_params[name] = value
        if role:
            at.session_state["role"] = role
        if locale:
            at.context = {"locale": locale}
        return at.run()

    return opened


@pytest.fixture(scope="session")
def one_row_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a single ticket, in the last complete week."""
    accepted = datetime(2025, 3, 26, 10)
    rows = [ticket(1, accepted, accepted + timedelta(hours=5))]
    return once(tmp_path_factory, "one-row", lambda folder: tiny_home(folder, "one", AS_OF, rows)) / "home"


@pytest.fixture(scope="session")
def stale_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose newest ticket is more than four weeks older than the as-of time."""
    days = [datetime(2025, 2, 3, 9) + timedelta(hours=7 * n) for n in range(80)]
    rows = [ticket(n, at, at + timedelta(hours=6 + n % 40)) for n, at in enumerate(days, 1)]
    return once(tmp_path_factory, "stale", lambda folder: tiny_home(folder, "stale", AS_OF, rows)) / "home"


@pytest.fixture(scope="session")
def no_ticket_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose release holds no ticket at all."""
    return once(tmp_path_factory, "no-ticket", lambda folder: tiny_home(folder, "none", AS_OF, [])) / "home"


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`real_home("comcast")`: a home with the real files of that name; skips without LOOKOUT_DATA."""
    patterns = {
        "comcast": "comcast/comcast_saboye_bom.csv",
        "trai": "trai_mycall/MyCall_Data_*.csv",
        "mathorcup": "mathorcup_satisfaction/附件1*.xlsx",
        "nyc311": "nyc311/nyc311*.csv",
        "ucc5g": "ucc_5g/B_*.csv",
    }
    built: dict[str, Path] = {}

    def home(name: str) -> Path:
        if name not in built:
            folder = os.environ.get("LOOKOUT_DATA")
            if not folder:
                pytest.skip("LOOKOUT_DATA is not set: real files are not here")
            files = sorted(Path(folder).glob(patterns[name]))
            if not files:
                pytest.skip(f"no {patterns[name]} below LOOKOUT_DATA={folder}")
            built[name] = shipped_home(tmp_path_factory.mktemp(name), name, files)
        return built[name]

    return home


@pytest.fixture
def ask() -> Callable[..., Any]:
    """`ask(home, sql, *values)`: rows of the home's current release, read with plain SQL."""

    def asked(home: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        current = (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
        with duckdb.connect(str(home / "releases" / f"{current}.duckdb"), read_only=True) as con:
            return con.execute(sql, list(values)).fetchall()

    return asked


@pytest.fixture
def warned(warned_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that store, in use."""
    mine = tmp_path / "ops.db"
    shutil.copyfile(warned_store, mine)
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{mine}")
    return mine
