"""Which line of a file carries the headers, and what to say when none does. Splitting lines does not belong here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from etl.contract import Contract
from etl.privacy import scrub
from etl.sentences import fault
from warehouse.workspace import Words

HEADER_WITHIN_LINES = 50
PROBE_BYTES = 1 << 20
# Encodings a file may be in without its contract saying so, with the names contracts use.
OTHERS = {
    "utf-8": "utf-8",
    "gb18030": "gb18030",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp950": "big5",
    "cp932": "shift_jis",
}


def needed_headers(contract: Contract) -> list[list[str]]:
    """For every required column the headers that may carry it (any one of `from`, all of `compose`)."""
    needed: list[list[str]] = []
    for name, source in contract.columns.items():
        if contract.is_required(name):
            needed += [source.header] if source.header else [[h] for h in source.compose]
    if rule := contract.unpivot:
        needed = [group for group in needed if not {rule.name, rule.value} & set(group)] + [rule.headers]
    return needed


def find_header(path: Path, contract: Contract, rows: list[list[str]], encoding: str) -> tuple[int, list[str]]:
    """(line the header stands on, headers). Raises when no line carries every required header."""
    wanted = contract.file.header
    tidy = [[cell.strip().strip("\ufeff").strip() for cell in row] for row in rows]
    if wanted == 0:
        width = len(tidy[0]) if tidy else 0
        return 0, [f"column{i + 1}" for i in range(width)]
    candidates = range(len(tidy)) if wanted == "find" else [wanted - 1]
    needed = needed_headers(contract)
    best: list[list[str]] = needed
    best_row: list[str] = tidy[0] if tidy else []
    for index in candidates:
        if index >= len(tidy):
            break
        present = set(tidy[index])
        missing = [group for group in needed if not present & set(group)]
        if not missing and any(tidy[index]):
            return index + 1, tidy[index]
        if len(missing) < len(best):
            best, best_row = missing, tidy[index]
    joined = {"zh": "或", "en": " or "}
    names = Words(**{lang: ", ".join(word.join(group) for group in best) for lang, word in joined.items()})
    closest = shown(best_row)
    other = _other_encoding(path, contract, encoding, needed)
    if other:
        declared = contract.file.encoding
        raise fault("no_header_encoding", path.name, names=names, shown=closest, encoding=other, declared=declared)
    if encoding in ("utf-8", "gb18030") and any("\0" in cell for row in tidy for cell in row):
        raise fault("not_text", path.name)
    raise fault("no_header", path.name, names=names, shown=closest)


def shown(cells: Iterable[str]) -> str:
    """The first cells of a line for a message. It may be a customer's line, so it is scrubbed before it is cut."""
    first = [re.sub(r"\s+", " ", cell[:200]) for cell in list(cells)[:8]]
    safe = [(text or "")[:20] for text in scrub(first).to_pylist()] if first else []
    return ", ".join("".join(c if c.isprintable() else "?" for c in cell) for cell in safe) or "nothing"


def _other_encoding(path: Path, contract: Contract, encoding: str, needed: list[list[str]]) -> str | None:
    """The encoding, as contracts call it, under which the headers are there after all."""
    if contract.file.format not in ("csv", "json", "jsonl"):
        return None
    with path.open("rb") as handle:
        head = handle.read(PROBE_BYTES)
    for other, name in OTHERS.items():
        text = head.decode(other, errors="replace") if other != encoding else ""
        if all(any(header in text for header in group) for group in needed):
            return name
    return None


def unique(headers: list[str]) -> list[str]:
    """Later occurrences of a header get _1, _2; empty ones are called columnN. Case does not tell names apart."""
    taken: set[str] = set()
    n_seen: dict[str, int] = {}
    names = []
    for index, header in enumerate(headers):
        base = name = header or f"column{index + 1}"
        while name.casefold() in taken:
            n_seen[base] = n_seen.get(base, 0) + 1
            name = f"{base}_{n_seen[base]}"
        taken.add(name.casefold())
        names.append(name)
    return names
