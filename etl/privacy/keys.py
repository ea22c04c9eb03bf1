"""Keys instead of customers' numbers, and one spelling per number before it is keyed.

A plain hash of an 11-digit number is reversed by enumeration within minutes, hence the keyed hash. Where the
secret lives is `secret.py`'s; which column carries a number is the contracts'.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from etl.privacy.secret import SECRET_BYTES, SecretError
from etl.privacy.text import INVISIBLE, as_strings

KEY_HEX = 32

_FILLERS = re.compile(rf"[\s\-－‐-―._·()（）{INVISIBLE}]+")
_MOBILE = re.compile("1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """Pseudonyms of customers: the first 32 hex characters of HMAC-SHA256(secret, normalised number).

    The secret never shows in ``repr``, tracebacks or logs of this object.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < SECRET_BYTES:
            raise SecretError(f"customer key secret: expected at least {SECRET_BYTES} bytes, got {len(self.secret)}")

    @property
    def fingerprint(self) -> str:
        """Eight hex characters that tell one secret from another without revealing it.

        Store it beside the keys: a secret lost and created anew silently splits every customer in two.
        """
        return hmac.digest(self.secret, b"lookout/customer-key/fingerprint", "sha256").hex()[:8]

    def key(self, number: str | None) -> str | None:
        """Key of one number; ``None`` for a missing or blank one."""
        plain = None if number is None else normalise_number(number)
        return hmac.digest(self.secret, plain.encode(), "sha256").hex()[:KEY_HEX] if plain else None

    def keys(self, numbers: pa.Array | pa.ChunkedArray | Iterable[str | None]) -> pa.Array:
        """Keys of many numbers, in order: ``pa.Array`` of strings, same length; missing and blank stay null.

        Every spelling is hashed once however often it repeats. Anything that is not a phone number (an
        account name, a broadband id) gets a key of the same form. A masked number (138****0000) is keyed as
        it stands, so people sharing a mask share a key: contracts must not feed masked columns.
        """
        encoded = pc.dictionary_encode(as_strings(numbers))
        keys = pa.array([self.key(number) for number in encoded.dictionary.to_pylist()], pa.string())
        return keys.take(encoded.indices)


def normalise_number(number: str) -> str:
    """One spelling per subscriber: ``" +86 138-…"``, ``"86138…"`` and full-width digits give the same text.

    Also undoes what spreadsheets do (``'138…``, ``138….0``). Text that is no number keeps its inner blanks.
    """
    if len(number) == 11 and number.isascii() and number.isdecimal() and number[0] == "1":
        return number
    text = unicodedata.normalize("NFKC", number).strip().lstrip("'’")
    text = re.sub(r"(?<=\d{7})\.0+$", "", text)
    digits = _FILLERS.sub("", text)
    if not re.fullmatch(r"\+?\d+", digits, re.ASCII):
        return re.sub(rf"[{INVISIBLE}]", "", text).strip()
    if mobile := re.fullmatch(r"(?:\+|00)?(?:86)?0?(1[3-9]\d{9})", digits):
        return mobile[1]
    return re.sub(r"^(?:\+|00)860?(?=[1-9]\d{8,10}$)", "0", digits)


def mask_number(number: str | None) -> str | None:
    """Display form 138****1234 of a mobile number; others keep their last four digits, short ones none."""
    if number is None:
        return None
    plain = normalise_number(number)
    if _MOBILE.fullmatch(plain):
        return f"{plain[:3]}****{plain[-4:]}"
    return f"****{plain[-4:]}" if len(plain) >= 8 and plain.isdecimal() else "****"
