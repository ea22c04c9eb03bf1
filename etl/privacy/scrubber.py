"""Personal identifiers in free text replaced by tokens, a column at a time."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from etl.privacy import bare, names, numbers, places
from etl.privacy.digits import check_digits
from etl.privacy.text import INVISIBLE, as_strings
from etl.privacy.tidy import join, keep_apart, plain

# What a text must hold for any rule to find something in it.
_SUSPECT = (
    rf"\p{{N}}|[@＠{INVISIBLE}幺壹一二三四五六七八九十]|[A-Za-z]\s?(?:[栋幢座门室]|单元)"
    rf"|先生|女士|小姐|师傅|经理|{names.LABELS}|{names.CUSTOMER}|{bare.SUSPECT}"
    r"|(?i:微信|v信|wechat|weixin|\bvx|name|signed,|\b(?:mr|mrs|ms|miss|dr)\b)"
)
# Replacing one identifier can lay another bare. Two rounds settle nearly every text; what is not settled after
# this many was made to withstand, and is not kept.
_ROUNDS = 8
WITHHELD = "[已隐去]"
_NUMBER_TOKENS = ("[手机号]", "[固话]", "[电话]", "[证件号]", "[银行卡]", "[邮箱]", "[微信号]", "[QQ号]", WITHHELD)


def scrub(texts: pa.Array | pa.ChunkedArray | Iterable[str | None]) -> pa.Array:
    """Texts with personal identifiers replaced by tokens; null stays null, order and length are kept.

    Tokens: ``[手机号] [固话] [电话] [证件号] [银行卡] [邮箱] [微信号] [QQ号] [车牌号] [门牌号] [姓名] [设备号]
    [IP地址]``. Where a number could be read either way it is removed: a lost id costs a look-up, a kept number is
    a breach. Digits of other scripts come back plain. Ids that begin with a year (2000–2049) or stand behind
    their label (工单号, order number), other ids of ten digits or fewer, amounts, dates and short service numbers
    survive. Names are recognised by what stands beside them, so one in the middle of a sentence may stay.
    Scrubbing twice changes nothing more; time is linear in the length of a text.
    """
    source = as_strings(texts)
    suspects = pc.fill_null(pc.match_substring_regex(source, _SUSPECT), False)
    work = source.filter(suspects)
    return pc.replace_with_mask(source, suspects, _settle(work)) if len(work) else source


def hide_numbers(text: str) -> str:
    """The name of a file or a line for the console, scrubbed if there is a number or an address of somebody in it.

    Houses and names stay: "3-501室.csv" and "王经理.csv" are names that files have.
    """
    [safe] = scrub([text]).to_pylist()
    return str(safe) if any(safe.count(t) > text.count(t) for t in _NUMBER_TOKENS) else text


def _settle(texts: pa.Array) -> pa.Array:
    """Apply the rules until nothing changes: only texts that changed need another look."""
    result = _once(texts)
    moving = pc.not_equal(texts, result)
    for _ in range(_ROUNDS):
        work = result.filter(moving)
        if not len(work):
            return result
        after = _once(work)
        changed = pc.not_equal(work, after)
        result = pc.replace_with_mask(result, moving, after)
        moving = pc.replace_with_mask(moving, moving, changed)
    return pc.if_else(moving, WITHHELD, result)


def _once(texts: pa.Array) -> pa.Array:
    work = keep_apart(plain(texts))
    for group in numbers.FIRST:
        work = group.apply(work)
    work = check_digits(work)
    for group in (*numbers.THEN, *places.GROUPS, *names.GROUPS, *bare.GROUPS):
        work = group.apply(work)
    return join(work)
