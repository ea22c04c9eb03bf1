"""`docs/traceability.csv` and `docs/security-proof.md`: every name in them exists, and nothing that the requirements
name is left out."""

from __future__ import annotations

import ast
import csv
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from alerts.rules import load_rules
from tests.browser.served import LINKS
from tests.pages.conftest import VIEWS
from warehouse.canonical import tables
from warehouse.catalog import models
from warehouse.derived import derived
from warehouse.measures import measures
from warehouse.policies import regimes

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "traceability.csv"
# Where the studies' requirements say which ids there are: beside the repository, never in it.
SHARED = Path(os.environ.get("LOOKOUT_SHARED") or ROOT.parent / "shared")


@cache
def rows() -> tuple[dict[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def named(column: str) -> set[tuple[str, str]]:
    """Id and name of all that a column names."""
    return {(row["id"], name) for row in rows() for name in row[column].split()}


def test_every_line_is_whole() -> None:
    assert all(None not in row and None not in row.values() for row in rows())
    twice = [i for i, n in Counter(row["id"] for row in rows()).items() if n > 1]
    assert twice == []
    for row in rows():
        assert re.search(r"[\u4e00-\u9fff]|AI", row["zh"]) and row["en"], row["id"]
        assert row["pages"] and row["tests"], f"{row['id']}: seen nowhere, or proved by nothing"
        assert row["tables"] or row["measures"] or row["rules"] or row["note"] or row["id"].startswith("PR"), row["id"]


def test_tables_are_models_or_sources() -> None:
    assert {n for n in named("tables") if n[1] not in models().keys() | tables().keys()} == set()


def test_measures_are_defined() -> None:
    assert {n for n in named("measures") if n[1] not in measures().keys() | derived().keys()} == set()


def test_rules_are_of_the_catalogue_or_limits_of_a_policy() -> None:
    known = set(load_rules()) | {f"{name}/{row.stage}" for name, regime in regimes().items() for row in regime.rows}
    assert {n for n in named("rules") if n[1] not in known} == set()


def test_pages_are_views() -> None:
    assert {n for n in named("pages") if n[1] not in VIEWS.keys() | LINKS.keys()} == set()


def test_tests_are_there() -> None:
    assert {n for n in named("tests") if not (ROOT / n[1]).is_file()} == set()


def test_every_measure_of_a_policy_is_traced() -> None:
    """All regimes of the studies are named; those of law and of a neighbour are not theirs."""
    traced = {name.partition("/")[0] for _, name in named("rules") if "/" in name}
    others = {"REG-FLOOR", "REG-12315", "REG-APPEAL", "LOCAL-REF"}
    assert regimes().keys() - others == traced


# --- the proof of security ----------------------------------------------------------------------------------

PROOF = ROOT / "docs" / "security-proof.md"
NODE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`( \(deep\))?")


def proved() -> list[tuple[str, str, str]]:
    """Section, sentence and the rest of each line of the tables that name tests."""
    found, section = [], ""
    for line in PROOF.read_text(encoding="utf-8").splitlines():
        section = line.lstrip("# ") if line.startswith("## ") else section
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and not set(cells[0]) <= {"-"} and cells[-1] not in ("Tests",):
            found.append((section, cells[0], " ".join(cells[1:])))
    return found


@cache
def functions(path: str) -> dict[str, bool]:
    """Tests of a file, also those that are made by calling -> whether only the deep run has them."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    marks = [ast.unparse(n.value) for n in tree.body if isinstance(n, ast.Assign) and "pytestmark" in ast.unparse(n)]
    whole = any("mark.deep" in told for told in marks)
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = whole or "pytest.mark.deep" in map(ast.unparse, node.decorator_list)
    return found


def test_every_sentence_about_security_is_proved_by_tests_that_are_there() -> None:
    lines = proved()
    assert len(lines) > 60 and {s.partition(".")[0] for s, *_ in lines} > set("1234567")
    assert [sentence for _, sentence, rest in lines if not NODE.search(rest)] == [], "proved by nothing"
    named = {(path, name) for _, _, rest in lines for path, name, _ in NODE.findall(rest)}
    assert {(path, name) for path, name in named if not (ROOT / path).is_file()} == set()
    assert {(path, name) for path, name in named if name not in functions(path)} == set()


def test_the_proof_says_which_tests_only_the_deep_run_has() -> None:
    told = {(path, name, bool(deep)) for section, _, rest in proved() for path, name, deep in NODE.findall(rest)}
    assert {(path, name) for path, name, is_deep in told if functions(path)[name] != is_deep} == set()


def test_what_the_proof_names_is_there() -> None:
    text = PROOF.read_text(encoding="utf-8")
    named = {n for n in re.findall(r"`([\w./-]+/[\w.-]+|app\.py)`", text)}
    assert len(named) > 30 and {n for n in named if not (ROOT / n).exists()} == set()


# --- against the requirements -------------------------------------------------------------------------------


def section(number: str) -> list[list[str]]:
    """The cells of the rows of a section's table, without its head."""
    path = SHARED / "domain.md"
    if not path.is_file():
        pytest.skip(f"{path} is not here: the requirements are no part of the repository (set LOOKOUT_SHARED)")
    text = path.read_text(encoding="utf-8").partition(f"## {number} ")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines[2:]]


def ids(pattern: str) -> list[str]:
    return [row["id"] for row in rows() if re.fullmatch(pattern, row["id"])]


@pytest.mark.parametrize(("number", "pattern"), [("1.1", r"Y\d\d"), ("1.8", r"PB\d\d")])
def test_no_id_is_left_out(number: str, pattern: str) -> None:
    assert ids(pattern) == [row[0] for row in section(number)]


def test_no_limit_is_left_out() -> None:
    asked = Counter(row[0].replace("—", "-") for row in section("1.4"))
    assert Counter(i.rpartition(".")[0] for i in ids(r".+\.\d+")) == asked


@pytest.mark.parametrize(("number", "pattern"), [("1.5", r"K\d\d"), ("1.9", r"IM\d\d")])
def test_no_metric_and_no_improvement_is_left_out(number: str, pattern: str) -> None:
    """These have no ids of their own: the order is that of the requirements."""
    assert len(ids(pattern)) == len(section(number))


def test_no_duty_is_left_out() -> None:
    section("1.1")
    text = (SHARED / "domain.md").read_text(encoding="utf-8").partition("## 1.10 ")[2].partition("\n## ")[0]
    assert len(ids(r"PR\d")) == len(re.findall(r"^\d+\. ", text, re.MULTILINE))
