"""Changes and targets in words: better or worse, met or missed, and when a figure says neither.

Numbers are written by numbers.py; what a measure means stands in its definition.
"""

from dataclasses import dataclass
from typing import Literal

from pages._shared import numbers
from pages._shared.numbers import Kind
from pages._shared.text import Lang, word
from pages._shared.theme import Colour
from warehouse.analysis.difference import MIN_SAMPLE, beyond_chance

Good = Literal["up", "down", "none"]
Verdict = Literal["better", "worse", "normal", "few", "holiday", "changed", "none"]

MIN_BASE = 20  # below it a percentage of the base says nothing
NEAR = 0.02  # 2 pp below a target rate, or 2 % of any other target, is 临界


@dataclass(frozen=True)
class Change:
    """A change ready to show. `text` is signed; `word` has at most four characters in Chinese."""

    text: str
    verdict: Verdict
    word: str
    long_word: str
    colour: Colour
    arrow: Literal["up", "down", "off"]


@dataclass(frozen=True)
class Lamp:
    """A value against its target: the word, its colour and the signed gap."""

    code: Literal["met", "near", "missed", "few", "none"]
    word: str
    colour: Colour
    gap: str


def change(
    now: float | None,
    before: float | None,
    *,
    kind: Kind,
    good: Good,
    lang: Lang,
    n: int | None = None,
    n_before: int | None = None,
    significant: bool | None = None,
    comparable: bool = True,
    unit: str | None = None,
) -> Change:
    """How `now` differs from `before`, with the verdict.

    Rates change in pp; everything else in percent, unless the base (the count itself, or `n_before`) is under
    20: then the absolute change. `n` and `n_before` are the denominators of the two values; a denominator of
    zero gives "—", one under 30 gives 样本不足. `significant` is the caller's own test; without it the two are
    compared as `beyond_chance` does.
    `comparable=False` says that a holiday falls into one of the two periods only.
    """
    a, b = numbers.number(now), numbers.number(before)
    if not comparable:
        return _change(numbers.DASH, "holiday", lang)
    if a is None or b is None or n == 0 or n_before == 0:
        return _change(numbers.DASH, "none", lang)
    base = b if kind == "count" else n_before
    if kind == "rate" or (base is not None and base < MIN_BASE):
        text = numbers.difference(a - b, kind, lang, unit)
    elif b == 0:
        return _change(numbers.DASH, "none", lang)
    else:
        text = f"{numbers.signed_text((a - b) / abs(b) * 100, 1)}%"
    if kind != "count" and any(k is not None and k < MIN_SAMPLE for k in (n, n_before)):
        return _change(text, "few", lang)
    if text[0] not in "+-":
        return _change(text, "normal", lang)
    if significant is None:
        significant = beyond_chance(a, b, kind, n, n_before)
    return _change(text, _verdict(a - b, good, significant), lang)


def lamp(
    x: float | None,
    target: float | None,
    *,
    good: Good,
    lang: Lang,
    kind: Kind = "rate",
    n: int | None = None,
) -> Lamp:
    """达标, 临界 or 未达标; grey under 30 cases.

    临界 misses by at most 2 pp, or by 2 % of a target that is no rate.
    """
    v, aim = numbers.number(x), numbers.number(target)
    if v is None or aim is None or good == "none":
        return Lamp("none", word("lamp", "none", lang), "gray", numbers.DASH)
    gap = numbers.difference(v - aim, kind, lang)
    if n is not None and n < MIN_SAMPLE:
        return Lamp("few", word("lamp", "few", lang), "gray", gap)
    # Compared as shown: 95.0 % on the page must not be off a target of 95 %.
    short = (aim - v) if good == "up" else (v - aim)
    slack = NEAR if kind == "rate" else NEAR * abs(aim)
    if short <= 0 or gap[0] not in "+-":
        return Lamp("met", word("lamp", "met", lang), "green", gap)
    if short <= slack + 1e-12:
        return Lamp("near", word("lamp", "near", lang), "orange", gap)
    return Lamp("missed", word("lamp", "missed", lang), "red", gap)


def worse(told: Change, lang: Lang) -> Change:
    """The same change where the caller's own test says that it is worse."""
    return _change(told.text, "worse", lang)


def _verdict(dx: float, good: Good, significant: bool) -> Verdict:
    if not significant:
        return "normal"
    if good == "none":
        return "changed"
    return "better" if (dx > 0) == (good == "up") else "worse"


def _change(text: str, verdict: Verdict, lang: Lang) -> Change:
    colours: dict[Verdict, Colour] = {"better": "green", "worse": "orange"}
    arrow: Literal["up", "down", "off"] = "off"
    if text[:1] == "+":
        arrow = "up"
    elif text[:1] == "-":
        arrow = "down"
    return Change(
        text=text,
        verdict=verdict,
        word=word("verdict", verdict, lang),
        long_word=word("verdict_long", verdict, lang),
        colour=colours.get(verdict, "gray"),
        arrow=arrow,
    )
