"""Numbers told from ids by their check digit or their range: bank cards, IMEI, public addresses of the net.

Python, because no pattern adds up digits; it runs only on texts that hold such a number.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

GATE = r"[0-9](?:[ \-]?[0-9]){13}|[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
_LONG = re.compile(r"(?<![0-9])[0-9](?:[ \-]?[0-9]){13,18}(?![0-9])")
_ADDRESS = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.]*[0-9])")
_VERSION = re.compile(r"(?:版本号?|固件|firmware|version|\b[vV])\W?\s?$", re.IGNORECASE)
_SUBSCRIBER = re.compile(r"4600[0-35-9][0-9]{10}|46011[0-9]{10}")
_CARD_ISSUER = re.compile("[3-69]")
_DEVICE_MAKER = re.compile("86|35|99|01")


def check_digits(texts: pa.Array) -> pa.Array:
    """Texts with cards, devices and public addresses replaced by their tokens."""
    concerned = pc.match_substring_regex(texts, GATE)
    work = [_ADDRESS.sub(_address, _LONG.sub(_long, text)) for text in texts.filter(concerned).to_pylist()]
    return pc.replace_with_mask(texts, concerned, pa.array(work, pa.string())) if work else texts


def adds_up(number: str) -> bool:
    """Whether the last digit is the check digit of the others (Luhn)."""
    ones, twos = number[-1::-2], number[-2::-2]
    return (sum(map(int, ones)) + sum(int("0246813579"[int(d)]) for d in twos)) % 10 == 0


def _long(found: re.Match[str]) -> str:
    number = re.sub("[ -]", "", found[0])
    if len(number) == 15:
        if number == found[0] and _SUBSCRIBER.fullmatch(number):
            return "[设备号]"
        return "[设备号]" if _DEVICE_MAKER.match(number) and adds_up(number) else found[0]
    if len(number) >= 16 and _CARD_ISSUER.match(number) and adds_up(number):
        return "[银行卡]"
    return found[0]


def _address(found: re.Match[str]) -> str:
    """Addresses inside a house name nobody; a version number is none."""
    a, b, c, d = (int(part) for part in found[0].split("."))
    inside = a in (0, 10, 127) or (a, b) in ((192, 168), (169, 254)) or (a == 172 and 16 <= b <= 31)
    before = found.string[max(0, found.start() - 10) : found.start()]
    if max(a, b, c, d) > 255 or a > 223 or inside or _VERSION.search(before):
        return found[0]
    return "[IP地址]"
