"""Patterns of numbers and addresses that name somebody: phones, documents, cards, e-mail, accounts, plates.

RE2 only: linear time whatever the text. It knows no look-around, so a neighbour that must not be a digit is
captured and put back. Rules that need a check digit are in `digits.py`.
"""

from __future__ import annotations

from etl.privacy.rules import AFTER, BEFORE, Group, Rule
from etl.privacy.text import INVISIBLE

_SOFT_SIGNS = rf"\s\p{{Z}}\-－‐-―_~～{INVISIBLE}"
_HARD_SIGNS = _SOFT_SIGNS + r".．。·•,，、/／\\|*+()（）\[\]"
SOFT = rf"[{_SOFT_SIGNS}]{{0,3}}"
_HARD = rf"[{_HARD_SIGNS}]{{0,3}}"


def _spread(first: str, second: str, others: str, gap: str) -> str:
    """Eleven characters of the given classes with ``gap`` between any two."""
    return f"{first}{gap}{second}(?:{gap}{others}){{9}}"


def _grouped(*sizes: int) -> str:
    """A mobile number in groups of these sizes, any signs between them."""
    return _HARD.join([f"1[3-9][0-9]{{{sizes[0] - 2}}}", *(f"[0-9]{{{size}}}" for size in sizes[1:])])


_COUNTRY = rf"(?:[(（]?(?:[+＋]|00)?[(（]?86[)）]?{_HARD})?"
_MOBILE = r"1[3-9][0-9]{9}"
# Points may split only the customary groups or every digit: "192.168.10.101" and "PRB 15.2 33.1 40.5 22" are
# eleven digits too.
_MOBILE_LOOSE = "|".join(
    [
        _spread("1", "[3-9]", "[0-9]", SOFT),
        _spread("1", "[3-9]", "[0-9]", r"[,，、/／\\|*·•]{0,2}"),
        _spread("1", "[3-9]", "[0-9]", f"[{_HARD_SIGNS}]"),
        *(_grouped(*sizes) for sizes in ((3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (5, 6))),
        *(_grouped(*sizes) for sizes in ((3, 2, 3, 3), (3, 2, 2, 2, 2))),
    ]
)
_SAID = "零〇一幺两二三四五六七八九壹贰叁肆伍陆柒捌玖"
# Said and typed digits may be mixed; at least the tail is said, or the rule above has had it.
_SPOKEN = _spread("[1一幺壹]", "[3-9三四五六七八九叁肆伍陆柒捌玖]", f"[0-9{_SAID}]", SOFT)
_STAMP = "20[0-4][0-9](?:0[1-9]|1[0-2])[0-3][0-9]"
_CLOCK = "[0-2][0-9][0-5][0-9][0-5][0-9]"
_NOT_A_CLOCK = "1[3-9](?:[6-9][0-9]{8}|[0-9]{2}[6-9][0-9]{6})"

_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
_MONTH_DAY = rf"(?:0[1-9]|1[0-2]){SOFT}(?:0[1-9]|[12][0-9]|3[01])"
_BORN_18 = rf"(?:18|19|20)[0-9]{{2}}{SOFT}{_MONTH_DAY}{SOFT}[0-9]{{3}}{SOFT}[0-9XxＸｘ]"
_BORN_15 = rf"[0-9]{{2}}{_MONTH_DAY}{SOFT}[0-9]{{3}}"
# Its last digit is not asked for: a number with a slip of the pen still points at one person.
_IDENTITY = rf"{_PROVINCE}[0-9]{{2}}{SOFT}[0-9]{{2}}{SOFT}(?:{_BORN_18}|{_BORN_15})"
_FOURS = r"[\s\p{Z}\-－‐-―]{1,3}[0-9]{4}"
_CARD_WRITTEN = rf"[34569][0-9]{{3}}(?:{_FOURS}){{3}}(?:[\s\-]{{0,3}}[0-9]{{1,3}})?"
_CARD_UNION = rf"62[0-9]{{2}}(?:{SOFT}[0-9]{{4}}){{3}}{SOFT}[0-9]{{0,3}}|62[0-9]{{4}}{SOFT}[0-9]{{10,13}}"
_CARD_WORD = r"((?:银行卡|储蓄卡|信用卡|借记卡|卡号|账号|帐号|账户)(?:号码?)?[是为]?\s*[:：]?\s*)"
_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})[)）]?"
_LOCAL = rf"[2-8][0-9]{{2,3}}{SOFT}[0-9]{{4}}"
_EXTENSION = r"(?:\s?(?:转分机|转|分机|[-－–—]|[Ee]xt\.?)[:：\s]?[0-9]{1,6})?"
_FIXED = rf"(?:(?:[+＋]|00)86{SOFT}[(（]?0?|[(（]?0){_AREA}{SOFT}{_LOCAL}{_EXTENSION}"
_FIXED_WORD = r"((?:固话|座机|电话|家电|传真|总机)(?:号码?)?[是为]?[:：]?\s*)"
_HOTLINE = r"[48]00(?:[\s\-－–—]?[0-9]){7}"
_US = r"(?:\+?1[\s.\-]{0,2})?(?:\([2-9][0-9]{2}\)[\s.\-]?|[2-9][0-9]{2}[\s.\-])[2-9][0-9]{2}[\s.\-][0-9]{4}"
_US_ABROAD = r"\+?1[\s.\-]{1,2}\(?[2-9][0-9]{2}\)?[\s.\-][2-9][0-9]{2}[\s.\-][0-9]{4}"
_US_WORD = r"((?i:phone|cell|mobile|tel|call|number|contact|reach me)(?i: me)?(?i: at| on| is)?[.:#\s]{1,3})"
_EMAIL = r"[A-Za-z0-9][A-Za-z0-9._%+\-．]*[@＠][A-Za-z0-9\-]+(?:[.．][A-Za-z0-9\-]+)+"
_PLATE_HEAD = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]"
_PLATE_TAIL = "(?:[0-9][A-Z0-9]{4}|[A-Z][0-9][A-Z0-9]{3}|[A-Z]{2}[0-9][A-Z0-9]{2})[A-Z0-9挂学警]?"
_IS = r"(?:号码|账号|帐号|号|(?i:\s?id))?(?:就是|是|为)?\s?[:：]?\s?"
_WECHAT = r"((?i:微信|wechat|weixin|\bvx\b|v信)"
_ACCOUNT = r"(?:[A-Za-z][A-Za-z0-9_\-]{5,19})"
_DEVICE_WORD = r"((?i:imei|imsi|meid|iccid|串号|序列号)(?:号码|号)?(?:是|为)?\s?[:：]?\s?)"

# A mobile number, an identity number or a mail address in a column of ids: such a column declares its `shape` where
# values like these are ids all the same.
NUMBER_IN_ID = (
    r"(?:^|[^0-9])(?:(?:00)?86|0)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?:$|[^0-9])"
    rf"|(?:^|[^0-9])(?:{_IDENTITY})(?:$|[^0-9])|{_EMAIL}"
)
# Most texts hold no number of this length, and a gate costs little.
_SEVEN_DIGITS = rf"(?:[0-9Oo][{_HARD_SIGNS}]{{0,4}}){{6}}[0-9]"
_LONG_DIGITS = rf"(?:[0-9]{SOFT}){{14}}[0-9]"
# Before check digits are looked at: an identity number may add up to a card.
FIRST = (
    Group("[@＠]", (Rule(_EMAIL, "[邮箱]"),)),
    Group(
        r"(?i:护照|通行证|ssn|social security|imei|imsi|meid|iccid|串号|[:\-][0-9a-f]{2}[:\-])"
        r"|(?i:微信|wechat|weixin|vx|v信|qq|扣扣)",
        (
            Rule(r"((?:护照|通行证)(?:号码?)?[是为]?\s?[:：]?\s?)[A-Za-z]{1,2}[0-9]{7,9}\b", r"\1[证件号]"),
            Rule(r"((?i:ssn|social security)[^0-9]{0,12})[0-9]{3}-?[0-9]{2}-?[0-9]{4}\b", r"\1[证件号]"),
            Rule(rf"{_DEVICE_WORD}[0-9A-Fa-f]{{14,20}}\b", r"\1[设备号]"),
            Rule(r"\b(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}\b", "[设备号]"),
            # Letters alone count after a sign only: "微信iPhone" is a complaint, "微信:somebody" an account.
            Rule(rf"{_WECHAT}(?:号码|账号|帐号|号|(?i:\s?id))(?:就是|是|为)?\s?[:：]?\s?){_ACCOUNT}", r"\1[微信号]"),
            Rule(rf"{_WECHAT}\s?(?:就是|是|为|[:：])\s?){_ACCOUNT}", r"\1[微信号]"),
            Rule(rf"{_WECHAT}\s)([A-Za-z]{{1,9}}[_\-]?[0-9]{{4,12}})\b", r"\1[微信号]"),
            Rule(r"(微信|(?i:\bvx))([A-Za-z]{2,}[_\-][A-Za-z0-9_\-]{3,17}|[A-Za-z]{1,4}[0-9]{5,16})", r"\1[微信号]"),
            Rule(rf"((?:(?i:qq)|扣扣){_IS})[1-9][0-9]{{4,11}}{AFTER}", r"\1[QQ号]\2"),
        ),
    ),
    Group(_LONG_DIGITS, (Rule(rf"{BEFORE}(?:{_IDENTITY}){AFTER}", r"\1[证件号]\2", twice=True),)),
)
# In this order: the longer identifier first, or its digits would be taken for a shorter one.
THEN = (
    Group(
        _LONG_DIGITS,
        (
            Rule(rf"{_CARD_WORD}[0-9](?:[\s\-－]?[0-9]){{14,18}}{AFTER}", r"\1[银行卡]\2"),
            # Bank numbers begin 3–6 or 9; ids of tickets begin with their year (20…) and so survive.
            Rule(rf"{BEFORE}(?:{_CARD_UNION}|{_CARD_WRITTEN}){AFTER}", r"\1[银行卡]\2", twice=True),
        ),
    ),
    Group(
        _SEVEN_DIGITS,
        (
            Rule(rf"{BEFORE}{_US_ABROAD}{AFTER}", r"\1[电话]\2", twice=True),
            Rule(rf"{BEFORE}{_COUNTRY}(?:{_MOBILE_LOOSE}){AFTER}", r"\1[手机号]\2", twice=True),
        ),
    ),
    # Most texts are done by now.
    Group(
        _SEVEN_DIGITS,
        (
            # Glued to other digits: an id that begins with a year stays, unless what follows its date or time
            # stamp can only be a number (13–19 may be an hour, but then minutes and seconds stay below 60).
            Rule(rf"{BEFORE}({_STAMP}{_CLOCK}){_MOBILE}{AFTER}", r"\1\2[手机号]\3", twice=True),
            Rule(rf"{BEFORE}({_STAMP}){_NOT_A_CLOCK}{AFTER}", r"\1\2[手机号]\3", twice=True),
            Rule(rf"{BEFORE}(|2|(?:[013-9]|2[1-9]|20[5-9])[0-9]*?)(?:{_MOBILE})+", r"\1\2[手机号]"),
            # Spreadsheets write eleven digits as 1.38…E+10; typists write O for 0.
            Rule(rf"{BEFORE}1\.[3-9][0-9]{{7,9}}[Ee]\+?10{AFTER}", r"\1[手机号]\2"),
            Rule(r"(^|[^0-9A-Za-z])1[3-9][0-9Oo]{9}($|[^0-9A-Za-z])", r"\1[手机号]\2", twice=True),
            Rule(rf"{BEFORE}{_FIXED}{AFTER}", r"\1[固话]\2", twice=True),
            Rule(rf"{_FIXED_WORD}{_LOCAL}{AFTER}", r"\1[固话]\2"),
            Rule(rf"(^|[^0-9.\-]){_HOTLINE}{AFTER}", r"\1[固话]\2", twice=True),
            Rule(rf"(^|[^0-9.\-]){_US}($|[^0-9.\-]|[.\-]$|[.\-][^0-9])", r"\1[电话]\2", twice=True),
            Rule(rf"{_US_WORD}[2-9][0-9]{{2}}[2-9][0-9]{{6}}{AFTER}", r"\1[电话]\2"),
        ),
    ),
    Group(rf"[{_SAID}](?:{SOFT}[0-9{_SAID}]){{3}}", (Rule(_SPOKEN, "[手机号]"),)),
    Group(_PLATE_HEAD, (Rule(rf"{_PLATE_HEAD}[ ·•.\-]?{_PLATE_TAIL}", "[车牌号]"),)),
)
