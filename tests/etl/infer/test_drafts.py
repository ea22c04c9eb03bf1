"""How little a person has to edit: drafts of made-up exports against what a careful person would have written."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pytest

from etl.contract import Contract
from etl.infer import Draft, draft
from etl.infer.preview import Preview, preview
from tests.etl.infer.samples import SAMPLES, Sample
from warehouse.problems import Problems
from warehouse.workspace import WorkspaceFile, load_workspace

pytestmark = pytest.mark.xdist_group("drafts")  # each draft is made once
NOW = datetime(2025, 4, 1)


@dataclass(frozen=True)
class Case:
    sample: Sample
    path: Path
    made: Draft

    @cached_property
    def seen(self) -> Preview:
        """What the unedited draft would land."""
        return preview(self.path, self.made.contract, self.settings, NOW)

    @property
    def settings(self) -> WorkspaceFile:
        return WorkspaceFile.model_validate(tomllib.loads(self.made.workspace["workspace.toml"]))


# By turns; the deep run takes all.
BY_TURNS = [pytest.param(s, marks=[pytest.mark.deep] if n % 5 else []) for n, s in enumerate(SAMPLES)]


@pytest.fixture(scope="module", params=BY_TURNS, ids=lambda make: str(make.__name__))
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    make: Callable[[], Sample] = request.param
    sample = make()
    path = tmp_path_factory.mktemp("infer") / sample.file_name
    path.write_bytes(sample.content)
    try:
        return Case(sample, path, draft(path))
    except Problems as error:
        if "which no contract can read" not in str(error):
            raise
        pytest.skip(str(error))


def headers(contract: Contract) -> dict[str, list[str]]:
    return {name: source.headers for name, source in contract.columns.items() if source.headers}


def test_table_and_columns(case: Case) -> None:
    wanted = {c: [h] if isinstance(h, str) else h for c, h in case.sample.columns.items()}
    assert (case.made.table, headers(case.made.contract)) == (case.sample.table, wanted)


def test_formats_and_settings(case: Case) -> None:
    contract = case.made.contract
    formats = {c: contract.columns[c].formats or contract.time.formats for c in case.sample.formats}
    assert formats == case.sample.formats
    assert {k: getattr(contract.file, k) for k in case.sample.settings} == case.sample.settings
    for column, settings in case.sample.sources.items():
        given = contract.columns[column].model_dump(by_alias=True)
        assert {k: given[k] for k in settings} == settings, column


def test_questions(case: Case) -> None:
    assert {n.code for n in case.made.decisions} == case.sample.decide


def test_every_row_lands_by_the_unedited_draft(case: Case) -> None:
    seen = case.seen
    assert (seen.n_rejected, seen.n_flagged, seen.absent) == (0, 0, [])
    assert seen.n_landed + sum(seen.dropped.values()) == seen.n_rows > 0


def test_no_value_stays_unmapped(case: Case) -> None:
    seen = case.seen
    assert [r for r in seen.unmapped.to_pylist() if r["column_name"] != "is_solved"] == []


def test_the_workspace_is_one(case: Case, tmp_path: Path) -> None:
    for name, text in case.made.workspace.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = load_workspace(tmp_path)
    assert loaded.settings.sources == [case.made.name]
    codes = {c for name in ("type", "channel") for c in loaded.dimension(name)[f"{name}_code"].to_pylist()}
    used = {v for name in ("type", "channel") for v in case.made.contract.maps.get(name, {}).values()}
    assert used <= codes


def test_personal_columns_are_left_out(case: Case) -> None:
    taken = {h for given in headers(case.made.contract).values() for h in given}
    assert taken.isdisjoint({"客户姓名", "身份证号", "Customer Name", "联系人"})
