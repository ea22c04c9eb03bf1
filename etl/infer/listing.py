"""A contract taken into a home: its file put with the others, its name written into `sources` of workspace.toml.

What a person wrote in workspace.toml stays, comments and order included: only the new name comes in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from etl.contract import SHIPPED, read_contract
from etl.infer.words import refusal
from warehouse.home import Home, write_atomically

_SOURCES = re.compile(r"(?m)^[ \t]*sources[ \t]*=[ \t]*\[")
_FIRST_TABLE = re.compile(r"(?m)^[ \t]*\[")
_TOKEN = re.compile(r'"""(?:.|\n)*?"""|\'\'\'(?:.|\n)*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\],]')


def take_in(home: Home, given: str) -> tuple[str, bool]:
    """Put a contract among those of the home and list it. `given` is its file, or the name of one that is there.

    Returns its name, and whether the list changed. Raises `Problems` when the contract has faults, when another one of
    its name is there, or when the list cannot be found in workspace.toml.
    """
    path = Path(given)
    if not given.endswith(".toml"):
        path = next((f for f in (home.contracts / f"{given}.toml", SHIPPED / f"{given}.toml") if f.exists()), path)
    if not path.is_file():
        raise refusal("no_contract", given, folder=str(home.contracts))
    contract = read_contract(path)
    target = home.contracts / path.name
    text = path.read_text(encoding="utf-8")
    if path.parent.resolve() not in (home.contracts.resolve(), SHIPPED.resolve()):
        if target.exists() and target.read_text(encoding="utf-8") != text:
            raise refusal("other_contract", str(target))
        home.contracts.mkdir(exist_ok=True)
        write_atomically(target, text)
    return contract.name, list_source(home, contract.name)


def list_source(home: Home, name: str) -> bool:
    """Write the name into `sources`, unless it is there. Raises `Problems` when the list cannot be found."""
    text = home.workspace_file.read_text(encoding="utf-8")
    longer = with_source(text, name)
    if longer is None:
        raise refusal("no_sources", str(home.workspace_file), name=name)
    if longer != text:
        mode = home.workspace_file.stat().st_mode
        write_atomically(home.workspace_file, longer)
        home.workspace_file.chmod(mode)
    return longer != text


def with_source(text: str, name: str) -> str | None:
    """The settings with one source more; None when no place for it is found. Whatever is tried is read back."""
    before = tomllib.loads(text)
    known = before.get("sources", [])
    if name in known:
        return text
    wanted = before | {"sources": [*known, name]}
    return next((longer for longer in _tries(text, name, "sources" in before) if _reads_as(longer, wanted)), None)


def _tries(text: str, name: str, is_there: bool) -> Iterator[str]:
    if not is_there:
        table = _FIRST_TABLE.search(text)
        at = table.start() if table else len(text)
        head = text[:at] if not text[:at] or text[:at].endswith("\n") else text[:at] + "\n"
        yield f'{head}sources = ["{name}"]\n{text[at:]}'
        return
    for found in _SOURCES.finditer(text):
        last, sign = found.end(), "["
        for token in _TOKEN.finditer(text, found.end()):
            if token[0] == "]":
                entry = {"[": f'"{name}"', ",": f' "{name}",', '"': f', "{name}"'}[sign]
                yield text[:last] + entry + text[last:]
                break
            if not token[0].startswith("#"):
                last, sign = token.end(), "," if token[0] == "," else '"'


def _reads_as(text: str, wanted: object) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
