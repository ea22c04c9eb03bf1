"""How instants are written: the formats that a text may have, by its digits, words and separators.

Which of several formats is the right one is decided in `order.py`.
"""

from __future__ import annotations

import re
from functools import cache

UTC_SIGNS = (" +0000", " +00:00", " UTC", " GMT", " Z")
ISO, OFFSET, EPOCH_S, EPOCH_MS, EXCEL = "iso", "iso_offset", "epoch_s", "epoch_ms", "excel_day"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_LONG = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?")
_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?([Zz]|[+-]\d{2}(:?\d{2})?)")
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})(?P<s1>[:.：时點点])(?P<m>\d{1,2})((?P<s2>[:.：分])(?P<s>\d{1,2})(?P<s3>秒?))?(?P<s4>分?)"
    r"(?P<f>[.,]\d{1,6})?(?P<b>\s?)(?P<p>[ap]\.?m\.?|上午|下午)?",
    re.IGNORECASE,
)
_PACKED_CLOCK = re.compile(r"\d{6}|\d{4}")
_DATES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), formats)
    for pattern, formats in (
        (r"\d{4}(?P<a>[-/.年])\d{1,2}(?P<b>[-/.月])\d{1,2}(?P<c>日?)", ("%Y{a}%m{b}%d{c}",)),
        (r"\d{8}", ("%Y%m%d", "%d%m%Y", "%m%d%Y")),
        (r"\d{1,2}(?P<a>[-/. ])\d{1,2}(?P<b>[-/. ])\d{4}", ("%d{a}%m{b}%Y", "%m{a}%d{b}%Y")),
        (r"\d{1,2}(?P<a>[-/.])\d{1,2}(?P<b>[-/.])\d{2}", ("%d{a}%m{b}%y", "%m{a}%d{b}%y", "%y{a}%m{b}%d")),
        (rf"\d{{1,2}}(?P<a>[-/. ]?)({_MONTHS})(?P<b>[-/. ]?)\d{{4}}", ("%d{a}%b{b}%Y",)),
        (rf"\d{{1,2}}(?P<a>[-/. ]?)({_MONTHS})(?P<b>[-/. ]?)\d{{2}}", ("%d{a}%b{b}%y",)),
        (rf"\d{{1,2}}(?P<a>[-/. ])({_LONG})(?P<b>[-/. ])\d{{4}}", ("%d{a}%B{b}%Y",)),
        (rf"\d{{4}}(?P<a>[-/. ]?)({_MONTHS})(?P<b>[-/. ]?)\d{{1,2}}", ("%Y{a}%b{b}%d",)),
        (rf"({_MONTHS})(?P<a>[-/. ])\d{{1,2}}(?P<b>,? ?)\d{{4}}", ("%b{a}%d{b}%Y",)),
        (rf"({_LONG})(?P<a>[-/. ])\d{{1,2}}(?P<b>,? ?)\d{{4}}", ("%B{a}%d{b}%Y",)),
        (r"\d{1,2}(?P<a>-)\d{1,2}(?P<b>月\s?-)\d{2}", ("%d{a}%m{b}%y",)),
        (r"\d{4}(?P<a>[-/.年])\d{1,2}(?P<b>月?)", ("%Y{a}%m{b}",)),
        (r"(19|20)\d{2}(0[1-9]|1[0-2])", ("%Y%m",)),
        (rf"({_MONTHS})(?P<a>[-_/ ])\d{{4}}", ("%b{a}%Y",)),
        (rf"({_LONG})(?P<a>[-_/ ])\d{{4}}", ("%B{a}%Y",)),
        (rf"({_MONTHS})(?P<a>[-_/ ])\d{{2}}", ("%b{a}%y",)),
        (r"\d{1,2}(?P<a>[-/])\d{4}", ("%m{a}%Y",)),
    )
)
_JOINS = (" ", "T", "_", ", ", "  ", "-", "/", ":")
_WEEKDAY = re.compile(rf"(?P<d>({_DAYS})|mon|tue|wed|thu|fri|sat|sun)(?P<j>,? )", re.IGNORECASE)


@cache
def formats_of(text: str) -> tuple[str, ...]:
    """Every format that the text may be written in, the likelier first; none when it is no date."""
    if _ISO.fullmatch(text):
        return (ISO,)
    if _OFFSET.fullmatch(text):
        return (OFFSET,)
    if not re.search(r"\d", text) or len(text) > 40:
        return ()
    if sign := next((s for s in UTC_SIGNS if text.endswith(s)), ""):
        return tuple(f + sign for f in formats_of(text.removesuffix(sign)) if "%" in f)
    lead = ""
    if found := _WEEKDAY.match(text):
        lead = ("%A" if found[2] else "%a") + found["j"]
        text = text[found.end() :]
    whole = _date_formats(text)
    if whole:
        return tuple(lead + f for f in whole)
    if re.fullmatch(r"\d{14}", text):
        return (lead + "%Y%m%d%H%M%S",)
    if re.fullmatch(r"(19|20)\d{10}", text):
        return (lead + "%Y%m%d%H%M",)
    for join in _JOINS:
        for at in (i for i in range(len(text)) if text.startswith(join, i)):
            dates, clock = _date_formats(text[:at]), clock_format(text[at + len(join) :], packed=True)
            if dates and clock:
                return tuple(lead + d + join + clock for d in dates)
    if (at := text.find("日")) > 0:
        dates, clock = _date_formats(text[: at + 1]), clock_format(text[at + 1 :])
        return tuple(lead + d + clock for d in dates) if clock else ()
    return ()


def _date_formats(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for pattern, formats in _DATES:
        if hit := pattern.fullmatch(text):
            found += [f.format(**hit.groupdict()) for f in formats]
    return tuple(dict.fromkeys(found))


def clock_format(text: str, packed: bool = False) -> str:
    """The format of a time of day, or nothing."""
    if packed and _PACKED_CLOCK.fullmatch(text):
        return "%H%M%S" if len(text) == 6 else "%H%M"
    hit = _CLOCK.fullmatch(text)
    if not hit or hit["s1"] in "." and hit["s"] is None and hit["p"] is None:
        return ""
    if hit["p"] in ("上午", "下午"):
        return ""
    half = hit["p"] is not None
    form = ("%I" if half else "%H") + hit["s1"] + "%M"
    if hit["s"] is not None:
        form += hit["s2"] + "%S" + hit["s3"]
    form += hit["s4"]
    if hit["f"]:
        form += hit["f"][0] + "%f"
    return form + (hit["b"] + "%p" if half else "")


def has_clock(form: str) -> bool:
    return any(part in form for part in ("%H", "%I")) or form in (EPOCH_S, EPOCH_MS)


def swapped(form: str) -> str:
    """The same format with day and month in each other's place; itself when that changes nothing."""
    if "%d" not in form or "%m" not in form:
        return form
    return form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def is_day_first(form: str) -> bool:
    return "%d" in form and "%m" in form and form.index("%d") < form.index("%m")
