"""House rules that a machine can hold: how models read, no clocks below a command line, both languages, no numbers."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from pages._shared.blocks.shown_on import SHOWN_ON
from warehouse.catalog import checks, models, references
from warehouse.made import BY_TABLE
from warehouse.measures import measures
from warehouse.workspace import DIMENSION_FILES

ROOT = Path(__file__).parent.parent
LAYERS = ("warehouse", "etl", "alerts", "pages")
SOURCES = sorted([ROOT / "app.py", *(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py"))])
MODELS = sorted((ROOT / "warehouse" / "models").rglob("*.sql"))
SELECTS = MODELS + sorted((ROOT / "warehouse" / "checks").glob("*.sql"))
KEYWORDS = {
    "select", "from", "where", "group", "by", "order", "having", "join", "left", "right", "inner", "outer", "cross",
    "on", "as", "case", "when", "then", "else", "end", "and", "or", "not", "in", "is", "null", "union", "all",
    "with", "qualify", "over", "partition", "distinct", "between", "like", "exists", "cast", "coalesce", "count",
    "sum", "min", "max", "row_number", "lag", "lead",
}  # fmt: skip
RESERVED = {"at", "start", "end", "from", "to"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def bare(sql: str) -> str:
    """SQL without comments and string literals."""
    return re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*", "", sql))


# --- models and checks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODELS, ids=name)
def test_a_model_begins_with_its_grain(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"-- One row per [^.]+\..*|-- One row per .+\.", first), first


@pytest.mark.parametrize("path", SELECTS, ids=name)
def test_a_file_holds_one_statement(path: Path) -> None:
    sql = bare(path.read_text(encoding="utf-8")).strip()
    assert ";" not in sql
    assert re.match(r"(with|select)\b", sql)


@pytest.mark.parametrize("path", SELECTS, ids=name)
def test_keywords_are_in_lower_case(path: Path) -> None:
    words = set(re.findall(r"\b[A-Za-z_]+\b", bare(path.read_text(encoding="utf-8"))))
    assert {w for w in words if w.lower() in KEYWORDS and w != w.lower()} == set()


@pytest.mark.parametrize("path", MODELS, ids=name)
def test_no_column_has_a_reserved_name(path: Path) -> None:
    named = re.findall(r"\bas\s+([a-z_][a-z0-9_]*)\s*(?:,|\n|$)", bare(path.read_text(encoding="utf-8")))
    assert set(named) & RESERVED == set()


def test_what_reaches_over_days_is_sliced_by_day_and_reads_what_is_published() -> None:
    reaching = [m for m in models().values() if m.reach_days]
    assert {m.name for m in reaching} >= {"mart_signal_drop"}
    for model in reaching:
        assert model.is_by_day and model.slice_column == "part" and model.is_published, model.name
        read = [models()[i] for i in model.inputs & models().keys()]
        # An unpublished input is there for the days that changed only.
        assert all(i.is_published and i.slice_column == "part" for i in read), model.name


def test_every_input_of_a_model_is_there() -> None:
    from warehouse.canonical import tables

    known = set(models()) | {f"lake_{t}" for t in tables()} | {f"seed_{d}" for d in DIMENSION_FILES}
    known |= {"seed_calendar", "seed_date", "seed_hour", "seed_policy", "seed_assignment", "seed_pause_reason", "run"}
    known |= {"seed_case", "seed_case_ticket", "seed_case_change", "seed_template", "seed_hotspot", "seed_radio"}
    known |= BY_TABLE.keys()
    unknown = {f"{m.name} reads {i}" for m in models().values() for i in m.inputs - known}
    unknown |= {f"{c.name} reads {i}" for c in checks() for i in references(c.sql) - known}
    assert unknown == set()


def test_a_model_reads_only_layers_before_its_own() -> None:
    order = {"staging": 0, "dims": 1, "facts": 2, "marts": 3}
    up = {
        f"{m.name} reads {i}"
        for m in models().values()
        for i in m.inputs
        if i in models() and order[models()[i].layer] > order[m.layer]
    }
    # Regions nobody named are those that occur: to read them from the fact spares reading the whole lake again.
    # People, causes and packages are those that occur, too.
    assert up == {
        "dim_region reads fact_ticket", "dim_staff reads fact_staff_act", "dim_cause reads fact_ticket_cause",
        "dim_cause reads fact_demarcation", "dim_cause reads fact_incident", "dim_package reads fact_bill",
    }  # fmt: skip
    lake = {m.name for m in models().values() if m.layer != "staging" and any(i.startswith("lake_") for i in m.inputs)}
    assert lake == set(), "only staging reads the lake"


def test_no_common_table_expression_hides_a_model() -> None:
    hidden = {
        f"{m.name}: {cte}"
        for m in models().values()
        for cte in re.findall(r"(?:\bwith|,)\s+([a-z][a-z0-9_]*)\s+as\s*\(", bare(m.sql))
        if cte in models()
    }
    assert hidden == set()


def test_a_sliced_model_carries_the_column_it_is_sliced_by() -> None:
    for model in models().values():
        if model.slice_column:
            assert model.slice_column in ("part", "ticket_id")
            assert re.search(rf"\b{model.slice_column}\b", bare(model.sql)) or "select *" in model.sql


def test_what_is_sliced_by_ticket_reads_nothing_that_hangs_on_all_tickets() -> None:
    """A row of such a model depends on its family and on small tables; a sum over all tickets would go stale."""
    by_ticket = {name for name, model in models().items() if model.slice_column == "ticket_id"}

    def hangs_on_tickets(name: str) -> bool:
        return name in by_ticket or any(hangs_on_tickets(i) for i in models()[name].inputs if i in models())

    for name in by_ticket:
        others = {i for i in models()[name].inputs if i in models()} - by_ticket
        assert {i for i in others if hangs_on_tickets(i)} == set(), name


def test_what_adds_up_reads_tickets_and_small_tables_and_only_groups() -> None:
    """What the touched tickets changed is told by running such a model over them alone."""
    for model in (m for m in models().values() if m.sums):
        assert model.is_published and not model.slice_column and not model.open_when and not model.kept_by, model.name
        assert "run" not in model.inputs, f"{model.name}: a later instant would make it whole"
        read = [models()[i] for i in model.inputs - {"seed_hour"}]
        assert all(i.is_published for i in read), model.name
        assert any(i.slice_column == "ticket_id" for i in read), model.name
        words = set(re.findall(r"[a-z_]+", bare(model.sql).lower()))
        of_more_than_one = {"over", "having", "distinct", "qualify", "limit", "min", "max", "avg", "median", "exists"}
        assert words & of_more_than_one == set(), model.name
        assert len(set(model.sums)) == len(model.sums)
        for column in model.sums:
            told = rf"(cast\((sum|count_if)\(.+\) as bigint\)|count\(\*\)) as {column}\b"
            assert re.search(told, model.sql), f"{model.name}: {column} is no sum of whole numbers"


def test_what_changes_with_the_instant_alone_says_when() -> None:
    """Else every later instant would make a table of all tickets anew."""
    for model in models().values():
        if model.slice_column == "ticket_id" and "run" in model.inputs:
            assert model.open_when, model.name
        if model.open_when:
            assert "run" in model.inputs, model.name


@pytest.mark.parametrize("check", checks(), ids=lambda c: c.name)
def test_a_check_is_a_sentence(check: object) -> None:
    sentence = check.sentence  # type: ignore[attr-defined]
    assert re.fullmatch(r"[A-Z].+\.", sentence)


# --- Python -------------------------------------------------------------------------------------------------

CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
SQL_START = re.compile(r"^\s*(select|with|insert|delete|update|create|drop|copy|attach|set|alter)\s", re.IGNORECASE)


def clocks(tree: ast.AST) -> list[int]:
    """Lines that read the clock."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            last = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if (last, node.attr) in CLOCKS:
                found.append(node.lineno)
    return found


def built_sql(tree: ast.AST) -> list[int]:
    """Lines with an f-string, %-format or .format that starts like SQL."""
    found = []
    for node in ast.walk(tree):
        text: object = None
        if not isinstance(node, ast.expr):
            continue
        if isinstance(node, ast.JoinedStr) and any(isinstance(v, ast.FormattedValue) for v in node.values):
            text = next((v.value for v in node.values[:1] if isinstance(v, ast.Constant)), None)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            text = node.left.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            text = node.func.value.value if isinstance(node.func.value, ast.Constant) else None
        if isinstance(text, str) and SQL_START.match(text) and re.search(r"\b(from|into|table|to|as)\b", text, re.I):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_clock_below_a_command_line(path: Path) -> None:
    # The frame of the pages may: what a viewer does happens at the viewer's time.
    if path.name != "__main__.py" and path != ROOT / "pages" / "_shared" / "clock.py":
        assert clocks(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_sql_is_built_from_values(path: Path) -> None:
    assert built_sql(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_checks_of_code_see_what_they_look_for() -> None:
    assert clocks(ast.parse("import datetime as d\nx = d.datetime.now()\ny = date.today()\nz = time.time()")) == [
        2,
        3,
        4,
    ]
    assert built_sql(ast.parse('f"select * from {x}"\n"select %s from t" % x\n"drop table {}".format(x)')) == [1, 2, 3]
    assert built_sql(ast.parse('f"selected {x} from"\n"a %s" % x')) == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_raw_html_reaches_the_browser(path: Path) -> None:
    assert "unsafe_allow_html" not in path.read_text(encoding="utf-8")


# --- measures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", sorted(measures()))
def test_a_measure_speaks_both_languages(measure: str) -> None:
    entry = measures()[measure]
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for zh, en in ((entry.zh, entry.en), (entry.unit.zh, entry.unit.en), (entry.caveat.zh, entry.caveat.en)):
        assert zh.strip()
        assert en.strip()
        assert not chinese.search(en)
    assert chinese.search(entry.zh)
    assert chinese.search(entry.caveat.zh)
    for said in (entry.source.zh, entry.source.en):
        assert re.search(r"[MDXV]\d", said), "names the entry where it is defined"
        assert "§" not in said and "requirements" not in said, "readers have no such document"
    assert not chinese.search(entry.source.en)


def test_every_measure_is_on_the_definitions_page() -> None:
    assert set(SHOWN_ON["definitions"]) == set(measures())


def test_views_name_only_measures_that_exist() -> None:
    unknown = {f"{view}: {i}" for view, ids in SHOWN_ON.items() for i in ids if i not in measures()}
    assert unknown == set()


def test_bases_and_needs_of_measures_are_columns_of_models() -> None:
    for entry in measures().values():
        for base in filter(None, (entry.base, entry.denominator_base)):
            assert models()[base].is_published
        for column in entry.needs:
            assert re.search(rf"\b{column}\b", models()[entry.base].sql), f"{entry.id} needs {column}"


# --- privacy ------------------------------------------------------------------------------------------------

# Ids that are generated, not dialled: hashes, coordinates and the like are longer or have a point before them.
MOBILE = re.compile(r"(?<![\w.])1[3-9]\d{9}(?!\w|\.\d)", re.ASCII)
IDENTITY = r"(?<![\w.])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?![\w.])"


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / line for line in listed.split("\0") if line and (ROOT / line).is_file()]


def identity_numbers(line: str) -> list[str]:
    """Identity numbers in a line whose last digit is right; what the generators of tests make is made at run time."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    found = re.findall(IDENTITY, line, re.ASCII)
    return [n for n in found if "10X98765432"[sum(int(d) * w for d, w in zip(n, weights, strict=False)) % 11] == n[-1]]


def test_no_file_of_the_repository_holds_a_number_of_a_person() -> None:
    """Every tracked file, pictures and other binary ones too; numbers of tests come from seeded generators."""
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        for n, line in enumerate(text.splitlines(), start=1):
            if MOBILE.search(line) or identity_numbers(line):
                found.append(f"{name(path)}:{n}")
    assert found == []


def test_the_pattern_finds_a_number() -> None:
    number = "138" + "0013" + "8000"
    assert MOBILE.search(f"call {number} now")
    assert MOBILE.search(f"电话{number}。") and MOBILE.search(f"{number}.")
    assert MOBILE.search(f'"{number}"')
    citizen = "110101" + "18000101" + "001"
    assert sum(bool(identity_numbers(f"证件{citizen}{last}。")) for last in "0123456789X") == 1
    assert not MOBILE.search(f"0.{number}")
    assert not MOBILE.search(f"a{number}")
    assert not MOBILE.search(number + "1")
