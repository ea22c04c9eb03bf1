"""A release as a stack of files: a table that the newest file holds only in part is read through to those below it.

The lowest file holds every table whole. A file above it holds tables made anew, or the rows that replace some of those
below: then `gone__<table>` names, by level and row number, the rows below that do not count any more. Files never
change once they are published, so their row numbers stay. Which files a release consists of stands in `release_layer`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

TOP = "release"  # the catalogue of the newest file
ABOUT = ("release_", "column_class")  # tables that speak of the release itself: every file has its own
MANIFEST = "release_layer"
WHOLE, ROWS = "whole", "rows"
MOST_FILES = 5  # then what lies above the lowest is put together in the next one
_SCHEMA = pa.schema([("level", pa.int64()), ("file", pa.string()), ("table_name", pa.string()), ("kind", pa.string())])


@dataclass
class Layer:
    """One file of a release: its id, the catalogue it is attached as, and how it holds each table."""

    file: str
    catalog: str
    tables: dict[str, str] = field(default_factory=dict)


class Stack:
    """The files of one release, the lowest first. The last is attached as `release`, the others as `level0`, …"""

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = layers
        self._spans: dict[tuple[int, str, int], tuple[int, int]] = {}

    @property
    def top(self) -> Layer:
        return self.layers[-1]

    @property
    def files_below(self) -> list[str]:
        return [layer.file for layer in self.layers[:-1]]

    @property
    def names(self) -> list[str]:
        """Every table, by name."""
        return sorted({name for layer in self.layers for name in layer.tables})

    def levels(self, name: str) -> list[int]:
        """The levels whose rows of a table count, the highest that holds it whole first."""
        holding = [n for n, layer in enumerate(self.layers) if name in layer.tables]
        whole = [n for n in holding if self.layers[n].tables[name] == WHOLE]
        return [n for n in holding if n >= max(whole)] if whole else []

    def place(self, level: int, name: str) -> str:
        """A table inside one file."""
        return f"{self.layers[level].catalog}.main.{name}"

    def rows_at(self, level: int, name: str) -> str:
        """A select of the rows of one level that no level above took away."""
        above = [n for n in self.levels(name) if n > level and self.layers[n].tables[name] == ROWS]
        text = _sql("level_rows").replace("$place", self.place(level, name))
        for n in above:
            span = self._spans.get((n, name, level))
            if span is not None:
                text += _sql("level_gone_span").replace("$first", str(span[0])).replace("$last", str(span[1]))
            else:
                gone = _sql("level_gone").replace("$gone", self.place(n, "gone__" + name))
                text += gone.replace("$level", str(level))
        return text

    def look(self, con: duckdb.DuckDBPyConnection) -> None:
        """Learn where rows that were taken away lie together: then a query leaves them out by number and looks up none.

        Only for a release that is published: a draft's change. No row is taken away twice, so as many as there are
        numbers from the first to the last are all of them.
        """
        asked = [
            _sql("gone_span")
            .replace("$layer", str(n))
            .replace("$name", name)
            .replace("$gone", self.place(n, "gone__" + name))
            for n, layer in enumerate(self.layers)
            for name, kind in layer.tables.items()
            if kind == ROWS
        ]
        if asked:
            for n, name, level, first, last, count in con.execute("\nunion all\n".join(asked)).fetchall():
                if last - first + 1 == count:
                    self._spans[n, name, level] = (first, last)

    def select(self, name: str) -> str:
        """A select of all rows of a table."""
        return "\nunion all\n".join(self.rows_at(level, name) for level in self.levels(name))

    def manifest(self) -> pa.Table:
        """What the newest file says about its stack; its own id is left empty, for it gets a name when published."""
        last = len(self.layers) - 1
        rows = [
            {"level": n, "file": "" if n == last else layer.file, "table_name": name, "kind": kind}
            for n, layer in enumerate(self.layers)
            for name, kind in sorted(layer.tables.items())
        ]
        return pa.Table.from_pylist(rows, _SCHEMA)


def attach(con: duckdb.DuckDBPyConnection, path: Path, read_only: bool = True) -> Stack:
    """Attach a release with every file it is read through to. Raises `duckdb.Error` when one is missing or broken."""
    con.execute(_attaching(path, TOP, read_only))
    known = con.execute("select table_name from duckdb_tables() where database_name = ?", [TOP]).fetchall()
    if (MANIFEST,) not in known:
        tables = {name: WHOLE for (name,) in known if not name.startswith(ABOUT)}
        return Stack([Layer(path.stem, TOP, tables)])
    found: dict[int, Layer] = {}
    for level, file, table, kind in con.table(f"{TOP}.main.{MANIFEST}").order("level").fetchall():
        layer = found.setdefault(level, Layer(file or path.stem, f"level{level}" if file else TOP))
        layer.tables[table] = kind
    layers = [found[level] for level in sorted(found)]
    if layers[-1].catalog != TOP:  # nothing but names of files changed: the newest file holds no table
        layers.append(Layer(path.stem, TOP))
    for layer in layers[:-1]:
        con.execute(_attaching(path.with_name(f"{layer.file}.duckdb"), layer.catalog, True))
    return Stack(layers)


def on_top_of(con: duckdb.DuckDBPyConnection, path: Path, draft: Path, most_files: int) -> Stack:
    """Begin a new file above a release: attach `draft`, empty, with the release and all its files below it.

    Where the release has `most_files` already, what lies above its lowest file is put together in the draft.
    """
    with duckdb.connect() as look:
        below = attach(look, path).layers
    layers = [Layer(layer.file, f"level{n}", dict(layer.tables)) for n, layer in enumerate(below)]
    for layer in layers:
        con.execute(_attaching(path.with_name(f"{layer.file}.duckdb"), layer.catalog, True))
    con.execute(_attaching(draft, TOP, False))
    if len(layers) < most_files:
        return Stack([*layers, Layer("", TOP)])
    return _put_together(con, Stack(layers))


def _put_together(con: duckdb.DuckDBPyConnection, old: Stack) -> Stack:
    """The lowest file and one new one that says what all above it said."""
    top = Layer("", TOP)
    for name in old.names:
        above = [level for level in old.levels(name) if level > 0]
        if not above:
            continue
        rows = "\nunion all\n".join(old.rows_at(level, name) for level in above)
        con.sql(rows).create(f"{TOP}.main.{name}")
        top.tables[name] = WHOLE if 0 not in old.levels(name) else ROWS
        if top.tables[name] == ROWS:
            gone = [con.table(old.place(level, "gone__" + name)).filter("level = 0") for level in above]
            con.execute(_sql("gone_table").replace("$gone", f"{TOP}.main.gone__{name}"))
            for part in gone:
                part.insert_into(f"{TOP}.main.gone__{name}")
    return Stack([old.layers[0], top])


def files_below(path: Path) -> list[str]:
    """Ids of the releases that one is read through to, the lowest first."""
    with duckdb.connect(str(path), read_only=True) as con:
        known = con.execute("select table_name from duckdb_tables() where table_name = ?", [MANIFEST]).fetchall()
        if not known:
            return []
        files = con.table(MANIFEST).filter("file <> ''").select("level, file").distinct().fetchall()
        return [file for _, file in sorted(files)]


def _attaching(path: Path, catalog: str, read_only: bool) -> str:
    text = "attach $path as $catalog".replace("$catalog", catalog)
    text = text.replace("$path", "'" + str(path).replace("'", "''") + "'")
    return text + (" (read_only)" if read_only else "")


def _sql(name: str) -> str:
    return (Path(__file__).parent / "engines" / f"{name}.sql").read_text(encoding="utf-8")
