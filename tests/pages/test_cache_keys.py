"""What is cached for everybody is asked by whom: the viewer is part of the key of every cached answer about rows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[2] / "pages"
CACHES = ("cache_data", "cache_resource", "lru_cache", "cache")
# Cached without a viewer, and why nobody gets anything by it.
OF_NOBODY = {
    "plots._engine": "the library that draws", "plots._draw": "a picture of a specification that is the key",
    "mode._settings": "settings", "mode._store": "the store", "mode._tiles": "an address", "basemap._told": "a map",
    "data._workspace": "settings", "data._reader": "the release itself, not what it holds",
    "data.names": "words for codes", "data_cases._read": "three published cases of the study",
    "data_map._holding": "names of tables", "data_needs._store": "the store", "data_replay._policies": "names",
    "data_review._released": "what reviews are made of", "data_review._changes": "figures of issues that are the key",
    "data_rules._history": "a rule in the whole city, for who may see rules", "data_rules._in_force": "the same",
    "data_rules._values": "thresholds", "data_rules._incidents": "incidents of the network",
    "data_warnings._rules": "settings", "data_warnings._kept": "the store", "data_warnings._release": "the release",
    "data_warnings._called": "words for codes", "data_warnings._days": "days",
    "data_warnings._course": "the scope of a warning that the viewer was given is the key",
    "data_worked._outcomes": "the measures that the viewer was given are the key",
    "data_worked._weekly": "a weekly count of the whole city", "maps._roomiest": "the shape of a district",
    "numbers.week": "words for a week",
    "seen._customers": "whose rows were shown, for the trail: the tickets shown are the key",
    "text.catalogue": "words",
}  # fmt: skip


def cached(tree: ast.AST) -> dict[str, list[str]]:
    """Functions with a cache -> the parameters that count in its key."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = [ast.unparse(d).partition("(")[0].rpartition(".")[2] for d in node.decorator_list]
            if any(d in CACHES for d in decorators):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                # Streamlit leaves those with an underscore out of the key.
                found[node.name] = [a.arg for a in arguments if not a.arg.startswith("_")]
    return found


def everywhere() -> dict[str, list[str]]:
    return {
        f"{path.stem}.{name}": counts
        for path in sorted(PAGES.rglob("*.py"))
        for name, counts in cached(ast.parse(path.read_text(encoding="utf-8"))).items()
    }


def test_every_cached_answer_has_the_viewer_in_its_key() -> None:
    """A new one without fails here: ask with the viewer, or say above why it tells nothing of anybody."""
    found = everywhere()
    assert {name for name, counts in found.items() if "viewer" not in counts} == set(OF_NOBODY)
    assert sum("viewer" in counts for counts in found.values()) > 40


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("@st.cache_data(max_entries=9)\ndef f(_source, release, viewer): ...", ["release", "viewer"]),
        ("@st.cache_data\ndef f(_viewer, release): ...", ["release"]),
        ("@lru_cache(maxsize=8)\ndef f(*, viewer): ...", ["viewer"]),
    ],
)
def test_the_check_sees_what_counts(code: str, counts: list[str]) -> None:
    assert cached(ast.parse(code)) == {"f": counts}
