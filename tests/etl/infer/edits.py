"""How many lines of a draft a person must change before its file lands as a careful person would have it land."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from etl.infer import Draft
from etl.infer.preview import preview
from tests.etl.infer.making import Sample
from warehouse.problems import Problems
from warehouse.workspace import WorkspaceFile

NOW = datetime(2025, 4, 1)


def edits(sample: Sample, made: Draft, path: Path) -> list[str]:
    """One entry a line to change, a question that must be answered, or a value that has no code."""
    contract, found = made.contract, list[str]()
    if made.table != sample.table:
        found.append(f"table {made.table}, not {sample.table}")
    given = {name: source.headers for name, source in contract.columns.items() if source.headers}
    wanted = {c: [h] if isinstance(h, str) else h for c, h in sample.columns.items()}
    found += [f"{c} from {given.get(c)}, not {wanted.get(c)}" for c in sorted({*given, *wanted})
              if given.get(c) != wanted.get(c)]  # fmt: skip
    for column, formats in sample.formats.items():
        if column in contract.columns and (own := contract.columns[column].formats or contract.time.formats) != formats:
            found.append(f"{column} formats {own}, not {formats}")
    for key, value in sample.settings.items():
        if getattr(contract.file, key) != value:
            found.append(f"file.{key} {getattr(contract.file, key)!r}, not {value!r}")
    for column, settings in sample.sources.items():
        own_settings = contract.columns[column].model_dump(by_alias=True) if column in contract.columns else {}
        found += [f"{column}.{k} {own_settings.get(k)!r}, not {v!r}" for k, v in settings.items()
                  if own_settings.get(k) != v]  # fmt: skip
    asked = {n.code for n in made.decisions}
    found += [f"asks {code}" for code in sorted(asked)]
    found += [f"does not ask {code}" for code in sorted(sample.decide - asked)]
    return found + _landing(made, path)


def _landing(made: Draft, path: Path) -> list[str]:
    try:
        settings = WorkspaceFile.model_validate(tomllib.loads(made.workspace["workspace.toml"]))
        seen = preview(path, made.contract, settings, NOW)
    except (Problems, ValidationError) as error:
        return [f"does not load: {error}"]
    found = [f"{seen.n_rejected} rows rejected"] if seen.n_rejected else []
    # That 0, 0 is no place is what a contract says by itself, and counts it.
    flagged = [r for r in seen.refused.to_pylist() if r["action"] != "reject" and r["rule"] != "no_fix"]
    found += [f"{len(flagged)} values flagged"] if flagged else []
    return found + [f"no code for {r['column_name']} {r['value_scrubbed']}" for r in seen.unmapped.to_pylist()]
