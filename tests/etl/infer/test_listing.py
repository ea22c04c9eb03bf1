"""A new source comes into workspace.toml, and nothing else of the file changes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from etl.__main__ import main
from etl.infer.listing import with_source
from tests.etl.infer.ticket_samples import german
from tests.etl.small import SmallHome
from warehouse.workspace import load_workspace

SHAPES = [
    'id = "x"\nsources = ["a"]  # one\n',
    "sources = []\n\n[place]\nbbox = [1, 2, 3, 4]\n",
    'sources = [ "a", "b", ]\n',
    'sources = [\n  "a", "b",  # the second, see ] below\n  # "c" is not loaded yet\n]\nnote = "sources = [1]"\n',
    "sources = [\n  'a'\n]\n",
    'text = """\nsources = ["no"]\n"""\nsources = ["a"]\n',
    'id = "x"\n\n[place]\nsources = ["of the place"]\n',
    'id = "x"',
    "",
    'sources = ["a]", "b#c", """d"""]\n',
]


@pytest.mark.parametrize("text", SHAPES)
def test_one_name_comes_in_and_the_rest_stays(text: str) -> None:
    longer = with_source(text, "new")
    assert longer is not None
    before = tomllib.loads(text)
    assert tomllib.loads(longer) == before | {"sources": [*before.get("sources", []), "new"]}
    assert [line for line in text.split("\n") if "#" in line and "sources" not in line and '"b",' not in line] == [
        line for line in longer.split("\n") if "#" in line and "sources" not in line and '"b",' not in line
    ]
    assert with_source(longer, "new") == longer, "twice is once"


def test_a_comment_behind_the_last_name_stays_behind_it() -> None:
    assert with_source('sources = [\n  "a",  # main\n]\n', "b") == 'sources = [\n  "a", "b",  # main\n]\n'


def test_from_a_draft_to_a_source(small: SmallHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = german()
    (tmp_path / sample.file_name).write_bytes(sample.content)
    out = tmp_path / "mine.toml"
    assert main(["infer", str(tmp_path / sample.file_name), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"python -m etl add {out} && python -m etl load --contract mine" in said
    assert "owner: whose data it is stands in no file" in said and "licence: on what terms" in said
    text = "# kept\n" + small.home.workspace_file.read_text(encoding="utf-8")
    small.home.workspace_file.write_text(text, encoding="utf-8")
    assert main(["add", str(out)]) == 0
    assert load_workspace(small.home.root).settings.sources[-1] == "mine"
    assert small.home.workspace_file.read_text(encoding="utf-8").startswith("# kept\n")
    assert main(["add", "mine"]) == 0
    assert "mine was a source already" in capsys.readouterr().out


def test_what_add_refuses(small: SmallHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "nothing"]) == 2
    assert "nothing: there is no such contract; give its file" in capsys.readouterr().err
    other = tmp_path / "small_tickets.toml"
    there = small.home.contracts / "small_tickets.toml"
    other.write_text(there.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    assert main(["add", str(other)]) == 2
    assert "is there already and says something else; edit that one" in capsys.readouterr().err
