"""Imports only look down: etl -> warehouse <- alerts <- pages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What each layer may import of ours, besides itself. `app.py` and `pages` may import anything.
MAY_IMPORT: dict[str, set[str]] = {"warehouse": set(), "etl": {"warehouse"}, "alerts": {"warehouse"}}
OURS = {"app", "pages", "warehouse", "etl", "alerts", "tests", "bench"}


def imports(path: Path) -> set[str]:
    """Top-level packages that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            found.add(str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize("layer", sorted(MAY_IMPORT))
def test_a_layer_imports_only_what_lies_below(layer: str) -> None:
    up = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / layer).rglob("*.py")
        for name in imports(path) & OURS
        if name not in MAY_IMPORT[layer] | {layer}
    }
    assert up == set()


def test_nothing_that_ships_imports_tests_or_benchmarks() -> None:
    shipped = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
    assert {str(p) for p in shipped if imports(p) & {"tests", "bench"}} == set()


def test_the_check_sees_an_import_in_a_function(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("def f():\n    from etl.read import x\n    import pages._shared.data\n")
    assert imports(path) == {"etl", "pages"}


def test_the_product_reads_no_answer_key() -> None:
    """`truth_events.csv` is written by the demo and read by tests only."""
    shipped = [p for layer in ("warehouse", "etl", "alerts", "pages") for p in (ROOT / layer).rglob("*.py")]
    readers = {str(p.relative_to(ROOT)) for p in [*shipped, ROOT / "app.py"] if "truth_events" in p.read_text("utf-8")}
    assert {p for p in readers if not p.startswith("etl/demo/")} <= {"etl/__main__.py"}


def brought_in(module: str) -> set[str]:
    """Modules that importing one brings in at once: ours, followed further, and the packages of others."""
    found, left = set[str](), [module]
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        path = ROOT / Path(*name.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if not file.exists():
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                left += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                left += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def test_loading_starts_without_what_only_building_needs() -> None:
    """A command that loads 500 tickets must not first take a second to import statistics."""
    modules = brought_in("etl.__main__")
    assert {"etl.cli.loading", "etl.quarantine", "warehouse.lake"} <= modules
    assert {m for m in modules if m.split(".")[0] in ("pandas", "scipy", "sqlalchemy", "apscheduler")} == set()
    assert not {"warehouse.build", "etl.infer"} & modules
    assert "scipy" in brought_in("warehouse.build")
