"""Nothing that names a person gets through; what is not personal stays readable.

Numbers are put together at run time: no file of the repository holds a phone number.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.privacy import scrub
from tests.effort import examples

MOBILE = "138" + "1234" + "5678"
CITIZEN = "321002" + "19800229" + "123"
FIXED = "8712" + "3456"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
soft_signs = st.text(" -\u3000\u00a0\u200b－—_\t", max_size=3)
hard_signs = st.text(" -.,、，/()（）·*", min_size=1, max_size=3)
surroundings = st.text(
    st.characters(exclude_categories=["Nd", "No", "Nl", "Cs", "Zs", "Zl", "Zp", "Cf", "Pd"]), max_size=12
)


def scrub_one(text: str) -> str:
    return scrub(pa.array([text])).to_pylist()[0]


def digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", text.translate({0xFF10 + d: str(d) for d in range(10)}))


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(100, 20))
@given(mobiles, st.lists(soft_signs, min_size=10, max_size=10), surroundings, surroundings, st.booleans())
def test_no_mobile_survives_any_spacing(number, gaps, before, after, wide):
    spelt = number[0] + "".join(gap + digit for gap, digit in zip(gaps, number[1:], strict=True))
    scrubbed = scrub_one(before + (spelt.translate(FULL_WIDTH) if wide else spelt) + after)
    assert number not in digits_of(scrubbed)
    assert "[手机号]" in scrubbed


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(100, 20))
@given(
    mobiles,
    st.sampled_from([(3, 7), (4, 7), (4, 8), (3, 6), (3, 8), (7,), (3,), (6,)]),
    hard_signs,
    st.sampled_from(["", "+86", "86-", "0086 ", "(+86)", "＋86　", "电话:", "tel"]),
    surroundings,
)
def test_no_mobile_survives_any_grouping(number, cuts, sign, prefix, after):
    groups = [number[a:b] for a, b in zip((0, *cuts), (*cuts, 11), strict=True)]
    assert number not in digits_of(scrub_one(prefix + sign.join(groups) + after))


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(100, 20))
@given(mobiles, st.lists(st.sampled_from(["", ",", "、", "/", "*"]), min_size=10, max_size=10))
def test_no_mobile_survives_signs_in_odd_places(number, gaps):
    spelt = number[0] + "".join(gap + digit for gap, digit in zip(gaps, number[1:], strict=True))
    assert number not in digits_of(scrub_one(f"联系{spelt}处理"))


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(100, 20))
@given(mobiles, st.sampled_from(list(" -._·/,、*")))
def test_no_mobile_survives_one_sign_between_all_digits(number, sign):
    assert number not in digits_of(scrub_one(f"联系{sign.join(number)}处理"))


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(100, 20))
@given(
    mobiles,
    st.text("0123456789", max_size=6).filter(lambda t: not t.startswith("20")),
    st.text("0123456789", max_size=6),
)
def test_no_mobile_survives_glued_to_other_digits(number, before, after):
    assert number not in scrub_one(f"号码{before}{number}{after}。")


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(100, 20))
@given(mobiles, mobiles, st.sampled_from(["", ",", " ", "、", "/", "或", "\n"]))
def test_no_mobile_survives_beside_another(one, two, sign):
    scrubbed = scrub_one(f"{one}{sign}{two}")
    assert one not in scrubbed and two not in scrubbed


@pytest.mark.examples
@settings(deadline=None, max_examples=examples(100, 20))
@given(st.text(max_size=40), mobiles)
def test_no_mobile_survives_in_any_text(text, number):
    assert number not in scrub_one(f"{text}电话{number}打不通{text}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("20240803" + MOBILE, "20240803[手机号]"),
        ("20240803153012" + MOBILE, "20240803153012[手机号]"),
        (f"2024-08-13 {MOBILE}", "2024-08-13 [手机号]"),
        ("幺三八" + "一二三四" + "五六七八", "[手机号]"),
        (f"电话 {MOBILE[:4]}\n{MOBILE[4:]}", "电话 [手机号]"),
        (CITIZEN + "X", "[证件号]"),
        (f"身份证{CITIZEN}4，", "身份证[证件号]，"),
        ((CITIZEN + "x").translate(FULL_WIDTH), "[证件号]"),
        (f"{CITIZEN[:6]} {CITIZEN[6:14]} {CITIZEN[14:]}1", "[证件号]"),
        ("证号321002" + "800229" + "123。", "证号[证件号]。"),
        ("卡号6222" + "0213" + "0000" + "1234", "卡号[银行卡]"),
        ("6222 " + "0213 0000 1234 567", "[银行卡]"),
        ("4000-1234-5678-9010", "[银行卡]"),
        ("0514-" + FIXED, "[固话]"),
        ("(0514)" + FIXED, "[固话]"),
        ("0514" + FIXED, "[固话]"),
        ("010-" + FIXED, "[固话]"),
        ("+86 514 " + FIXED, "[固话]"),
        ("固话：" + FIXED, "固话：[固话]"),
        ("0514-" + FIXED + "，0514-" + FIXED, "[固话]，[固话]"),
        (f"邮箱li.x_1@139.com或{MOBILE}＠139.com", "邮箱[邮箱]或[邮箱]"),
        ("车牌苏K" + "A1234停在", "车牌[车牌号]停在"),
        ("阳光小区3栋2单元501室", "阳光小区[门牌号]"),
        ("住5号501室", "住[门牌号]"),
        ("３幢乙单元", "[门牌号]乙单元"),
        ("三栋二单元五零一室", "[门牌号]"),
        ("A座1203室", "[门牌号]"),
        ("12-3-501室", "[门牌号]"),
        ("5号楼1203室", "[门牌号]"),
        ("文昌中路123号旁", "文昌中路[门牌号]旁"),
        ("at Room 1203, Apt. 5B", "at [门牌号], [门牌号]"),
    ],
)
def test_identifiers_become_tokens(before, after):
    assert scrub_one(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "退费48.60元",
        "每月19.9元，共1,380.00元",
        "套餐128元，流量20GB，速率50Mbps",
        "拨打10086、12345、10080",
        "TS20240803000123",
        "工单20240803153012345",
        "GD-2024-000123",
        "编号20240803153012" + "134567890",
        "2024-08-03 15:30:12",
        "2024-08-13 - 2024-08-15 9点",
        "2024.8.13-2024.8.15 12:30",
        "13、14、15、16、17日",
        "PRB 15.2 33.1 40.5 22",
        "RSRP -105 -110 -98",
        "CGI 460-00-1234567-123",
        "IP 192.168.10.101",
        "8月10号",
        "地铁2号线",
        "2号基站故障",
        "建了3座基站",
        "三座基站",
        "会议室没信号",
        "3室2厅",
        "8月1号室外无信号",
        "10号楼道无信号",
        "办理2户宽带",
        "flat rate 30",
        "家里15号断网",
        "已是[手机号]",
        "北京APP无法登录",
        "5G@home",
        "",
    ],
)
def test_what_names_nobody_survives(text):
    assert scrub_one(text) == text


def test_scrubbing_keeps_order_length_and_nulls():
    texts = pa.chunked_array([[None, "无信号"], [MOBILE, None]])
    assert scrub(texts).to_pylist() == [None, "无信号", "[手机号]", None]
    assert scrub([]).to_pylist() == []
    assert scrub([None]).to_pylist() == [None]
