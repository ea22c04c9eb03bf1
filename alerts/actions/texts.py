"""Text that people type into the register, made harmless: no control or direction signs, no telephone numbers."""

from __future__ import annotations

import re
import unicodedata

from warehouse.problems import problem

MASK = "***"
# Mobile and fixed line numbers with their usual breaks, and any other run so long that it may be an identifier.
_NUMBERS = re.compile(
    r"(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)"
    r"|(?<![A-Za-z\d])\d{7,}[Xx]?"
)
_PERSON = re.compile(r"[A-Z]{2,10}\d{1,6}")


def clean(text: str, where: str, most: int) -> str:
    """The text on one or more lines without what harms or names somebody. Raises `Problems` where it is too long."""
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    kept = _NUMBERS.sub(MASK, "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip())
    if len(kept) > most:
        raise problem(where, f"has {len(kept)} characters", f"use {most} at most")
    return kept


def person(text: str, where: str) -> str | None:
    """A staff number such as NET0115, or a role; a name is a person's and is not kept. Raises `Problems`."""
    bare = text.strip()
    if bare and not _PERSON.fullmatch(bare):
        raise problem(where, "is no staff number", "write letters and digits as in NET0115, not a name")
    return bare or None
