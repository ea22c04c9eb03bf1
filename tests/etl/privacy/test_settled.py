"""Scrubbing twice is scrubbing once, and no text can make it slow."""

from __future__ import annotations

import random
import time
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.privacy import scrub
from etl.privacy.scrubber import WITHHELD
from tests.effort import examples
from tests.etl.privacy.made import mobile
from tests.etl.privacy.measure import SETS, cases

# Pieces that rules look at, so that made-up texts come near their edges.
PIECES = [
    "1", "38", "138", "0000", "5678", "6222", "62", "20240803", "153012", "0514", "8712", "400", "+86", "(", ")",
    "-", " ", ".", "/", "·", "\u200b", "\u3000", "\n", "<b>", "&nbsp;", "&#49;", "①", "３", "٣", "一", "幺三八",
    "@", "a.b", "example.com", "苏K", "A1234", "3栋", "2单元", "501室", "12-3-501", "路", "号", "小区", "客户",
    "机主", "联系人", ":", "张", "小明", "先生", "经理", "安排", "工单号", "订单号", "微信", "QQ", "IMEI",
    "860000", "203.0.113.9", "[手机号]", "[姓名]", "\ue0f0", "\uf8f0", "2024-08-03", "Mr. ", "Smith", "Apt ",
    "5B", "555", "Main Street", "1.38", "E+10", "O", "X", "\U0001f468\u200d\U0001f469",
]  # fmt: skip


TEXTS = st.lists(
    st.one_of(st.none(), st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text()), max_size=8
)


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(400, 40))
@given(TEXTS)
@example(["张小李先生张王先生李先生"])
@example(["1-" * 40, "13" * 30, "3栋" * 30, "\uf8f0" * 3 + "13"])
def test_scrubbing_twice_is_scrubbing_once(texts: list[str | None]) -> None:
    once = scrub(pa.array(texts, pa.string()))
    assert len(once) == len(texts)
    assert [t is None for t in once.to_pylist()] == [t is None for t in texts]
    assert scrub(once).equals(once)


def test_the_labelled_sentences_are_settled_too() -> None:
    once = scrub([case.text for name in SETS for case in cases(name, rounds=2)])
    assert scrub(once).equals(once)


NEAR_RULES = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(200, 30))
@given(NEAR_RULES, st.integers(0, 2**32))
def test_no_number_survives_among_what_rules_look_at(text: str, seed: int) -> None:
    number = mobile(random.Random(seed))
    result = scrub([f"{text}电话{number},{text}"]).to_pylist()[0]
    assert number not in result


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_no_spelling_of_unicode_hides_a_number(form: str) -> None:
    number = mobile(random.Random(7))
    for zero in (0x30, 0xFF10, 0x660, 0x966, 0x1D7CE, 0x1D7F6):
        spelt = unicodedata.normalize(form, "".join(chr(zero + int(d)) for d in number))
        assert scrub([f"打{spelt}吧"]).to_pylist() == ["打[手机号]吧"]


HOSTILE = [
    "1", "13", "1-", "138 ", "138", "一", "幺三八", "a@", "a.", "张", "张先生", "机主张三", "1<", "1&nbsp;",
    "1<b> ", "&#49;", "1栋", "1栋2单元3室", "路1-", "1\u200b", "１", "1.1.", "4 ", "苏A1", "1 Ab Cd St ",
    "Mr Ab ", "订单号1", "2024-01-01", "①", "0", "6222 ", "<", "&", "1 ", "\ue0f0", "客户王", "安排", "微信",
    "QQ1", "00:",
]  # fmt: skip


def seconds(text: str) -> float:
    start = time.process_time()
    scrub([text])
    return time.process_time() - start


@pytest.mark.parametrize(
    "piece", [pytest.param(p, marks=[pytest.mark.deep] if n % 3 else []) for n, p in enumerate(HOSTILE)]
)
def test_time_is_linear_in_the_length_of_a_text(piece: str) -> None:
    """A tenth of a megabyte and a whole one: quadratic time would show as a hundredfold."""
    short, long = (piece * (n // len(piece)) for n in (100_000, 1_000_000))
    seconds(short)
    quick = min(seconds(short) for _ in range(2))
    assert seconds(long) <= 40 * max(quick, 0.02)


def test_a_megabyte_in_one_cell_keeps_nothing_it_should_not() -> None:
    rng = random.Random(3)
    numbers = [mobile(rng) for _ in range(20_000)]
    [result] = scrub(["号码" + "，又有".join(numbers) + "。"]).to_pylist()
    assert result.count("[手机号]") == len(numbers)
    assert not any(number in result for number in numbers[:200])


def test_what_does_not_settle_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from etl.privacy import scrubber

    monkeypatch.setattr(scrubber, "_once", lambda texts: pa.array([f"{t}1" for t in texts.to_pylist()]))
    assert scrub(["9", "没有"]).to_pylist() == [WITHHELD, "没有"]
