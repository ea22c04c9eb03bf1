"""Patterns of a flat, a house or a number on a street. The street and the estate stay, the door goes."""

from __future__ import annotations

from etl.privacy.rules import AFTER, Group, Rule

_AZ = "[A-Za-z]?"
_COUNT = "[一二三四五六七八九十百零〇]{1,5}"
_NO = rf"(?:{_AZ}[0-9]{{1,5}}{_AZ}(?:-{_AZ}[0-9]{{1,5}}){{0,3}}|{_COUNT}|[A-Za-z])"
_ROOM = rf"(?:{_NO}\s*(?:层|楼)\s*)?{_NO}\s*(?:号房|室|房|户)"
_STAIR = rf"{_NO}\s*(?:单元|号门|门|梯)\s*(?:{_ROOM}|[0-9]{{3,4}}|[一二三四五六七八九零〇]{{3,4}})?"
_HOUSE = rf"{_NO}\s*(?:号楼|号院|栋|幢|座|号|#楼?)[\s,，、]*"
_DOORS = (
    rf"(?:{_HOUSE})+(?:{_STAIR}|{_ROOM})\s*(?:{_ROOM})?",
    rf"{_NO}\s*单元\s*(?:{_ROOM}|[0-9]{{3,4}})?",
    rf"{_AZ}[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{1,3}}\s*(?:室|户)|{_AZ}[0-9]{{3,4}}{_AZ}\s*(?:室|号房)",
)
_BUILDING = rf"{_AZ}[0-9]{{1,3}}{_AZ}\s*(?:号楼|栋|幢)(?:\s*{_AZ}[0-9]{{3,4}}\b)?($|[^楼道房])"
_HASH = rf"\b[0-9]{{1,3}}\s?[#＃]\s?[0-9]{{3,4}}{AFTER}"
_ESTATE = "(小区|花园|公寓|家园|[苑园城府湾庭里寓墅郡邸居]|新村|社区|地址[:：]?|家住|住在?)"
_ESTATE_DOOR = rf"{_ESTATE}\s?{_AZ}[0-9]{{1,3}}-(?:[0-9]{{1,2}}-)?[0-9]{{3,4}}($|[^0-9\-])"
_ON_STREET = r"([路街巷弄村庄圩]|大道|[0-9一二三四五六七八九十][组队])\s*"
_GROUP_NO = r"(村|庄|圩|社区|街道)\s*[0-9一二三四五六七八九十]{1,3}[组队]\s*[0-9]{1,4}\s*号($|[^线楼])"
_STREET_NO = rf"{_ON_STREET}[0-9]{{1,4}}(?:-[0-9]{{1,4}})?\s*号(?:-[0-9]{{1,4}})?($|[^线])"
# "路2号线" is a metro, "路245号线路" a house.
_STREET_NO_LONG = rf"{_ON_STREET}(?:[0-9]{{3,4}}(?:-[0-9]{{1,4}})?|[0-9]{{1,4}}-[0-9]{{1,4}})\s*号"
_ROOM_EN = (
    r"(?i)\b(?:room|rm|apt|apartment|suite|ste|unit)\b\.?\s*(?:no\b\.?|#)?\s*"
    r"[A-Z]?-?[0-9]{1,5}[A-Z]?\b"
)
_WAYS = "street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|court|ct|place|way|terrace|parkway|pkwy|highway"
_STREET_EN = (
    r"(^|[^0-9A-Za-z$.:/#\-])[0-9]{1,5}(?:-[0-9]{1,4})?"
    r"(\s(?:[NSEW]\.?\s)?(?:[A-Z][A-Za-z']{1,20}\s|[0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)?\s){1,3}"
    rf"(?i:{_WAYS})\b)"
)

GROUPS = (
    Group(
        r"[0-9A-Za-z一二三四五六七八九十百零〇]\s*(?:号|[#＃栋幢座室房户层楼门梯]|单元)|[0-9]-[0-9]{3}",
        (
            *(Rule(door, "[门牌号]") for door in _DOORS),
            Rule(_HASH, r"[门牌号]\1"),
            Rule(_BUILDING, r"[门牌号]\1"),
            Rule(_ESTATE_DOOR, r"\1[门牌号]\2"),
            Rule(_GROUP_NO, r"\1[门牌号]\2"),
            Rule(_STREET_NO, r"\1[门牌号]\2"),
            Rule(_STREET_NO_LONG, r"\1[门牌号]"),
        ),
    ),
    Group(r"(?i)\b(?:room|rm|apt|apartment|suite|ste|unit)\b.{0,8}[0-9]", (Rule(_ROOM_EN, "[门牌号]"),)),
    Group(rf"[0-9]\s.{{0,40}}\b(?i:{_WAYS})\b", (Rule(_STREET_EN, r"\1[门牌号]\2"),)),
)
