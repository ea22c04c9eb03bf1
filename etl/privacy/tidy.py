"""Odd spellings of digits made plain before anything is looked for, and what must not be joined kept apart.

Hostile and merely strange texts write a number in full-width, circled or Arabic-Indic digits, with characters
nobody sees between them, or with a tag in the middle.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from etl.privacy.rules import AFTER, MARK
from etl.privacy.text import INVISIBLE

_ROUND = "①-⑨⓪⓿❶-❾➀-➈➊-➒⑴-⑼"
GATE = rf"[０-９{INVISIBLE}\x{{20E3}}{MARK}\x{{F8F0}}-\x{{F8F2}}]|[{_ROUND}]{{3}}|[^\P{{Nd}}0-9]|[0-9]\s*[<&]|&#"
_UNSEEN = re.compile(rf"(?:[{INVISIBLE.replace(chr(0x200D), '')}{MARK}\uf8f0-\uf8f2\u20e3]|(?<=[0-9])\ufe0f)+")
# Between two pictures a joiner makes one picture of a family; anywhere else it only hides something.
_JOINER = re.compile("(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d+")
_ROUND_RUN = re.compile(rf"[{_ROUND}](?:\s?[{_ROUND}]){{2,}}")
_ENTITY = re.compile(r"&#(?:[xX]0{0,4}3([0-9])|0{0,4}(4[89]|5[0-7]));?")
_BETWEEN = re.compile(r"(?<=[0-9])(?:\s{0,3}(?:<[^<>]{0,60}>|&(?:nbsp|ensp|emsp|thinsp|#160|#32);))+\s{0,3}(?=[0-9+])")

# A date must not lend its day to what follows ("2024-08-13 - 2024-08-15 9点" is no number), so its signs are
# hidden meanwhile.
_DATE_SIGNS = {sign: chr(0xF8F0 + at) for at, sign in enumerate("-./")}
_DATES = {
    sign: rf"(^|[^0-9\-./])(20[0-4][0-9])[{sign}](0?[1-9]|1[0-2])[{sign}]([0-3]?[0-9]){AFTER}" for sign in _DATE_SIGNS
}
_DATE_GATE = r"20[0-4][0-9][\-./][01]?[0-9][\-./][0-3]?[0-9]"
# Eleven digits after such a word are its id, not somebody's number. Marks keep rules from reading them in one.
_ID_WORD = (
    "(工单|订单|流水|运单|快递单|受理单|投诉单|单)(?:编号|号码|号)|(?i:order|ticket|case|complaint) (?i:number|no|id)"
)
_ID_GATE = rf"(?:{_ID_WORD})"
_LABELLED = (
    rf"((?:{_ID_WORD})(?:是|为)?[.:：#\s]{{0,2}}[A-Za-z]{{0,4}})"
    r"([0-9]{1,4})([0-9]{1,4})([0-9]{1,4})([0-9]{0,4})([0-9]{0,4})($|[^0-9])"
)
_APART = rf"\1{MARK}\3{MARK}\4{MARK}\5{MARK}\6{MARK}\7{MARK}\8"


def plain(texts: pa.Array) -> pa.Array:
    """Texts with plain digits, without unseen characters, and without the marks that this package works with."""
    concerned = pc.match_substring_regex(texts, GATE)
    work = [_plain(text) for text in texts.filter(concerned).to_pylist()]
    return pc.replace_with_mask(texts, concerned, pa.array(work, pa.string())) if work else texts


def _plain(text: str) -> str:
    text = _JOINER.sub("", _UNSEEN.sub("", text))
    text = "".join(c if c.isascii() or not c.isdecimal() else str(unicodedata.decimal(c)) for c in text)
    text = _ROUND_RUN.sub(lambda run: "".join(str(unicodedata.digit(c, c)) for c in run[0]), text)
    text = _ENTITY.sub(lambda e: e[1] or chr(int(e[2])), text)
    return _BETWEEN.sub(" ", text)


def keep_apart(texts: pa.Array) -> pa.Array:
    """Texts whose dates and labelled ids no rule can take for part of a number. `join` undoes it."""
    texts = _where(texts, _DATE_GATE, _hide_dates)
    return _where(texts, _ID_GATE, lambda work: pc.replace_substring_regex(work, _LABELLED, _APART))


def join(texts: pa.Array) -> pa.Array:
    """What `keep_apart` and the rules put between characters taken out again."""
    return _where(texts, rf"[\x{{F8F0}}-\x{{F8F2}}{MARK}]", _show)


def _hide_dates(work: pa.Array) -> pa.Array:
    for sign, hidden in _DATE_SIGNS.items():
        work = pc.replace_substring_regex(work, _DATES[sign], rf"\1\2{hidden}\3{hidden}\4\5")
    return work


def _show(work: pa.Array) -> pa.Array:
    work = pc.replace_substring(work, MARK, "")
    for sign, hidden in _DATE_SIGNS.items():
        work = pc.replace_substring(work, hidden, sign)
    return work


def _where(texts: pa.Array, gate: str, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    concerned = pc.match_substring_regex(texts, gate)
    work = texts.filter(concerned)
    return pc.replace_with_mask(texts, concerned, change(work)) if len(work) else texts
