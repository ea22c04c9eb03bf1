"""Headers as words that can be compared: case, blanks, signs and bracketed units taken away; how alike two are."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

_BRACKETS = re.compile(r"[(（\[【{]([^()（）\[\]【】{}]*)[)）\]】}]")
# Traditional characters of headers to simplified ones.
_SIMPLE = str.maketrans(
    dict(
        zip(
            *[
                iter(
                    "單单號号時时間间訴诉類类別别內内處处門门結结網网絡络編编碼码縣县區区電电話话數数據据類类開开關关問问題题狀状態态復复應应發发現现場场備备註注務务業业戶户稱称級级員员點点線线圍围響响觸触轉转單单終终帶带寬宽資资費费帳账補补償偿訊讯來来長长過过個个滿满覆覆蓋盖責责評评價价質质標标識识經经緯纬鎮镇鄉乡會会對对專专實实際际斷断續续強强億亿測测試试從从動动歷历聯联說说請请確确認认擴扩團团總总計计預预報报導导層层樓楼銷销額额鄰邻聽听聲声圖图傳传輸输載载優优稅税"
                )
            ]
            * 2,
            strict=True,
        )
    )
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = re.compile(r"[^0-9a-z\u00c0-\u024f\u4e00-\u9fff]+")
_UNIT_WORDS = {
    "ms", "s", "sec", "min", "h", "kb", "mb", "gb", "tb", "mbyte", "kbyte", "gbyte", "bytes", "kbps", "mbps",
    "bps", "gbps", "%", "‰", "kbit/s", "mbit/s", "kb/s", "mb/s", "gbit", "byte", "erl", "hz", "khz", "ghz", "km", "w",
    "dbm", "db", "mbit", "元", "分钟", "秒", "小时", "次", "个", "米", "m", "km/h", "mhz", "度", "deg", "yuan", "天",
    "人", "户", "条", "件", "minutes", "minute", "seconds", "hours", "bit", "kbit",
}  # fmt: skip
_TAIL_UNIT = re.compile(
    r"[_\s](kbps|mbps|bps|gbps|kb|mb|gb|ms|pct|percent|dbm|db|mbyte|kbyte|kbit|mbit|sec|seconds)$", re.IGNORECASE
)
_STOP = {"the", "of", "a", "an", "in", "at", "on", "for", "to", "is", "no", "and", "by", "with", "this", "that"}
# Words that half of all headers carry; sharing one of them says little.
_GENERIC = {
    "date", "time", "at", "id", "number", "code", "name", "type", "no", "nr", "key", "value", "level", "status",
    "data", "row",
    "address", "location", "customer", "user", "service", "case", "ticket", "cell", "avg", "max", "min",
    "total", "count", "dl", "ul",
    "day", "month", "reason", "flag", "score", "rate", "end", "start", "network",
}  # fmt: skip
# Chinese endings that say what kind of thing a header is and not which.
_BARE_PARTS = {
    "编号",
    "时间",
    "类型",
    "名称",
    "内容",
    "状态",
    "次数",
    "客户",
    "部门",
    "渠道",
    "单号",
    "日期",
    "原因",
    "情况",
    "结果",
    "号码",
}
_MOMENTS = ("时间", "日期")
FUZZY_LEAST = 0.84
SAME_MEANING = 0.88
_VAGUE = {"time", "number", "type", "name", "description", "status", "count", "event"}


@dataclass(frozen=True)
class Name:
    """A header without its dress. `key` is one string, `tokens` its words, `unit` what stood in brackets."""

    key: str
    tokens: tuple[str, ...]
    unit: str = ""
    inside: str = ""

    @property
    def is_chinese(self) -> bool:
        return any("\u4e00" <= c <= "\u9fff" for c in self.key)


@cache
def name_of(header: str) -> Name:
    """The comparable form of a header or synonym."""
    text = unicodedata.normalize("NFKC", header).strip().translate(_SIMPLE)
    unit = inside = ""
    if found := _BRACKETS.search(text):
        inside = found[1].strip().casefold()
        if inside in _UNIT_WORDS:
            unit = inside
        bare = _BRACKETS.sub(" ", text).strip()
        text = bare or text
    elif tail := _TAIL_UNIT.search(text):
        unit = tail[1].casefold()
    text = "".join(c for c in unicodedata.normalize("NFD", _CAMEL.sub(" ", text)) if not unicodedata.combining(c))
    tokens = tuple(t for t in _SIGNS.sub(" ", text.casefold()).split() if t)
    return Name("".join(tokens), tokens, unit, inside)


def as_unit(text: str) -> str:
    """The unit that a text consists of, with or without brackets; empty when it is none."""
    bare = unicodedata.normalize("NFKC", text).strip().strip("()[]【】 ").casefold()
    return bare if bare in _UNIT_WORDS else ""


@cache
def _concepts() -> tuple[dict[str, str], list[tuple[str, str]]]:
    path = Path(__file__).with_name("concepts.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    words = {other: word for word, others in raw["words"].items() for other in others}
    parts = [(other, part) for part, others in raw["parts"].items() for other in others]
    return words, sorted(parts, key=lambda p: -len(p[0]))


@cache
def _meaning(name: Name) -> tuple[str, frozenset[str]]:
    """The header with every word replaced by the one that stands for its like."""
    words, parts = _concepts()
    key = name.key
    for other, part in parts:
        if part not in key:
            key = key.replace(other, part)
    stop = _STOP - {"at", "on", "no"}
    return key, frozenset(words.get(t, t) for t in name.tokens if t not in stop)


@cache
def likeness(header: str, synonym: str) -> float:
    """How alike a header is to a synonym, 0 to 1. Equal words give 1, a part of it less, a different word nothing."""
    plain = _likeness(header, synonym)
    if plain >= SAME_MEANING:
        return plain
    one, two = name_of(header), name_of(synonym)
    (key, words), (other_key, other_words) = _meaning(one), _meaning(two)
    if one.is_chinese and two.is_chinese:
        bare, other = key.removeprefix("是否"), other_key.removeprefix("是否")
        if key.startswith("是否") != other_key.startswith("是否"):
            return plain * 0.8
        return max(plain if bare == key else 0.0, SAME_MEANING if bare == other else 0.9 * _chinese(bare, other))
    if words and words == other_words and not words <= _VAGUE:
        return SAME_MEANING
    if words and words == other_words and not set(one.tokens) & (_GENERIC | _STOP):
        return max(plain, 0.72)
    return plain


def _likeness(header: str, synonym: str) -> float:
    one, two = name_of(header), name_of(synonym)
    if not one.key or not two.key:
        return 0.0
    if one.key == two.key:
        return 1.0
    if one.unit and one.key + one.unit == two.key or two.unit and two.key + two.unit == one.key:
        return 0.98
    if one.is_chinese or two.is_chinese:
        return _chinese(one.key, two.key)
    return _words(one, two)


def _chinese(one: str, two: str) -> float:
    short, long = sorted((one, two), key=len)
    if short in _BARE_PARTS:
        return 0.0
    if len(short) >= 2 and short in long:
        share = len(short) / len(long)
        # The end of a Chinese name says what it is: 首次响应时间 is a time, 时间序号 a number.
        return (0.5 if long.endswith(short) else 0.35) + 0.45 * share
    if 2 * len(set(one) & set(two)) < 0.72 * (len(set(one)) + len(set(two))):
        return 0.0
    # What both end in does not make them alike: 发起时间 is not 发生时间.
    if len(one) == len(two) == 4 and one[2:] == two[2:] in _MOMENTS:
        return 0.0
    ratio = SequenceMatcher(None, one, two, autojunk=False).ratio()
    return 0.7 * ratio if ratio >= 0.72 else 0.0


def _mass(words: set[str]) -> float:
    return sum(0.35 if w in _GENERIC else 1.0 for w in words)


def _words(one: Name, two: Name) -> float:
    first, second = set(one.tokens) - _STOP, set(two.tokens) - _STOP
    if first and first == second:
        return 0.95
    common = first & second
    if common:
        share = _mass(common) / max(_mass(first), _mass(second))
        is_part = common in (first, second) and bool(common - _GENERIC) and share >= 0.4
        return (0.3 if is_part else 0.0) + 0.6 * share
    if min(len(one.key), len(two.key)) >= 5:
        ratio = SequenceMatcher(None, one.key, two.key, autojunk=False).ratio()
        if ratio >= FUZZY_LEAST:
            return 0.75 * ratio
        short, long = sorted((one.key, two.key), key=len)
        # Not from the middle of a word: a Prestadora is no estado.
        if (long.startswith(short) or long.endswith(short)) and len(short) >= 0.6 * len(long):
            return 0.6
    return 0.0
