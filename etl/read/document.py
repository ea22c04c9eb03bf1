"""A JSON document taken apart without holding it: one value after another of the list that carries the rows.

What becomes of a value is `objects.py`'s. A document that is broken or cut is refused whole: it was not written to
its end, so nobody knows what is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import Any, TextIO

from etl.read.header import shown
from etl.sentences import fault
from warehouse.problems import Problems

LONGEST_VALUE = 16 << 20
SHOWN_KEYS = 8
_CHUNK = 1 << 20
_WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_LONGEST_WORD, _LONGEST_ESCAPE = len("-Infinity"), len(r"\ud83d\ude00")
_BLANKS = " \t\r\n"


class Number(str):
    """A number as it is written."""


class Pairs(list[tuple[str, Any]]):
    """An object before anybody looked for keys that stand twice."""


DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Number, strict=False
)


class Document:
    """The values of the list at `records`, names joined by points; None for a document that is the list itself."""

    def __init__(self, path: Path, handle: TextIO, records: str | None) -> None:
        self._path, self._handle, self._records = path, handle, records
        self._text, self._at = "", 0
        self._n_lines, self._is_over = 0, False
        self.n_values = 0

    def values(self) -> Iterator[Any]:
        """The values in order. Raises `Problems` where the document is broken, cut, or has no such list."""
        if self._records is not None:
            yield from self._inside(self._records.split("."))
        elif self._next() == "[":
            yield from self._list()
        elif not self._next():
            raise self._broken()
        else:
            keys = list(self._keys()) if self._next() == "{" else []
            if self._next():  # a document ends here; another object means one object per line
                raise self._broken()
            raise fault("json_no_list", self._path.name, shown=shown(keys))
        if self._next():
            raise self._broken()

    def _list(self) -> Iterator[Any]:
        self._take("[")
        if self._next() == "]":
            return self._take("]")
        while True:
            yield self._value()
            self.n_values += 1
            if self._next() != ",":
                return self._take("]")
            self._take(",")

    def _inside(self, names: list[str]) -> Iterator[Any]:
        """The list behind these names. Everything around it is read over."""
        keys: list[str] = []
        n_found = 0
        if self._next() != "{":
            raise fault("json_records", self._path.name, records=self._records, shown=shown([]))
        for key in self._keys(but=names[0]):
            keys = [*keys, key][:SHOWN_KEYS]
            if key != names[0]:
                continue
            n_found += 1
            if n_found > 1:
                raise fault("json_records_twice", self._path.name, records=self._records)
            if len(names) > 1:
                yield from self._inside(names[1:])
            elif self._next() == "[":
                yield from self._list()
            else:
                raise fault("json_records", self._path.name, records=self._records, shown=shown(keys))
        if not n_found:
            raise fault("json_records", self._path.name, records=self._records, shown=shown(keys))

    def _keys(self, but: str | None = None) -> Iterator[str]:
        """The keys of an object; values are skipped, except that of `but`, which the caller takes."""
        self._take("{")
        if self._next() == "}":
            return self._take("}")
        while True:
            if self._next() != '"':
                raise self._broken()
            key = str(self._value())
            self._take(":")
            if key != but:
                self._value()
            yield key
            if self._next() != ",":
                return self._take("}")
            self._take(",")

    def _value(self) -> Any:
        """The value that begins here. More is read until it is complete."""
        self._next()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                if not self._may_go_on(error) or not self._more():
                    raise self._broken(error) from None
            except RecursionError:
                raise self._broken() from None
            else:
                if end + 2 < len(self._text) or not self._more():  # the rest of "1e+" may not be read yet
                    self._at = end
                    return value

    def _next(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _BLANKS:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise self._broken()
        self._at += 1

    def _more(self) -> bool:
        """Read on, as much again as is waiting: what is begun anew with every chunk must not take for ever."""
        waiting = len(self._text) - self._at
        if waiting > LONGEST_VALUE:
            raise fault("json_long", self._path.name, n=LONGEST_VALUE, rows=self.n_values)
        more = self._handle.read(max(_CHUNK, waiting))
        self._is_over |= not more
        if more:
            self._n_lines += self._text.count("\n", 0, self._at)
            self._text, self._at = self._text[self._at :] + more, 0
        return bool(more)

    def _may_go_on(self, error: JSONDecodeError) -> bool:
        """Whether what cannot be read is only the beginning of something."""
        rest = self._text[error.pos :]
        is_escape = error.msg.startswith("Invalid \\") and len(rest) < _LONGEST_ESCAPE
        is_word = len(rest) < _LONGEST_WORD and any(word.startswith(rest.strip(_BLANKS)) for word in _WORDS)
        is_number = re.fullmatch(r"\.|[eE][+-]?", rest) is not None
        return is_escape or is_word or is_number or error.msg.startswith("Unterminated string")

    def _broken(self, error: JSONDecodeError | None = None) -> Problems:
        is_end = self._at >= len(self._text) if error is None else self._may_go_on(error)
        if self._is_over and is_end:
            return fault("json_cut", self._path.name, n=self.n_values)
        line = self._n_lines + self._text.count("\n", 0, error.pos if error else self._at) + 1
        return fault("json_syntax", self._path.name, line=line, n=self.n_values)
