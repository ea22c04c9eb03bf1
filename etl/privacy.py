"""Keys instead of numbers, tokens instead of identifiers, harmless cells instead of formulas.

Does not belong here: who may see what (the query layer), which column carries a number (the contracts),
suppression of small cells (the marts).

The analytics store holds no full number and no free text with identifiers (PIPL art. 6 and 51). A plain
hash of an 11-digit number is reversed by enumeration within minutes, hence the keyed hash; the secret lives
outside the repository and outside every database.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

SECRET_BYTES = 32
KEY_HEX = 32

_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u2060\ufeff"
_FILLERS = re.compile(rf"[\s\-－‐-―._·()（）{_INVISIBLE}]+")
_FORMULA_START = "=+-@\t\r\n＝＋－＠"


class SecretError(RuntimeError):
    """The key file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """Pseudonyms of customers: the first 32 hex characters of HMAC-SHA256(secret, normalised number).

    The secret never shows in ``repr``, tracebacks or logs of this object.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < SECRET_BYTES:
            raise SecretError(f"customer key secret: expected at least {SECRET_BYTES} bytes, got {len(self.secret)}")

    @property
    def fingerprint(self) -> str:
        """Eight hex characters that tell one secret from another without revealing it.

        Store it beside the keys: a secret lost and created anew silently splits every customer in two.
        """
        return hmac.digest(self.secret, b"lookout/customer-key/fingerprint", "sha256").hex()[:8]

    def key(self, number: str | None) -> str | None:
        """Key of one number; ``None`` for a missing or blank one."""
        plain = None if number is None else normalise_number(number)
        return hmac.digest(self.secret, plain.encode(), "sha256").hex()[:KEY_HEX] if plain else None

    def keys(self, numbers: pa.Array | pa.ChunkedArray | Iterable[str | None]) -> pa.Array:
        """Keys of many numbers, in order: ``pa.Array`` of strings, same length; missing and blank stay null.

        Every spelling is hashed once however often it repeats. Anything that is not a phone number (an
        account name, a broadband id) gets a key of the same form. A masked number (138****0000) is keyed as
        it stands, so people sharing a mask share a key: contracts must not feed masked columns.
        """
        encoded = pc.dictionary_encode(_as_strings(numbers))
        keys = pa.array([self.key(number) for number in encoded.dictionary.to_pylist()], pa.string())
        return keys.take(encoded.indices)


def normalise_number(number: str) -> str:
    """One spelling per subscriber: ``" +86 138-…"``, ``"86138…"`` and full-width digits give the same text.

    Also undoes what spreadsheets do (``'138…``, ``138….0``). Text that is no number keeps its inner blanks.
    """
    if len(number) == 11 and number.isascii() and number.isdecimal() and number[0] == "1":
        return number
    text = unicodedata.normalize("NFKC", number).strip().lstrip("'’")
    text = re.sub(r"(?<=\d{7})\.0+$", "", text)
    digits = _FILLERS.sub("", text)
    if not re.fullmatch(r"\+?\d+", digits, re.ASCII):
        return re.sub(rf"[{_INVISIBLE}]", "", text).strip()
    if mobile := re.fullmatch(r"(?:\+|00)?(?:86)?0?(1[3-9]\d{9})", digits):
        return mobile[1]
    return re.sub(r"^(?:\+|00)860?(?=[1-9]\d{8,10}$)", "0", digits)


def load_secret(path: str | os.PathLike[str]) -> bytes:
    """The secret in ``path``; created with 32 random bytes, mode 600, if there is none.

    Creation is atomic: of several processes one wins and all read the same bytes; a kill leaves no half
    file. Group-readable files pass (that is how orchestrators mount secrets); a file others can read, or that
    anyone but the owner can write, raises `SecretError`, as does a short one.
    """
    place = Path(path)
    if not place.exists():
        _create_secret(place)
    mode = place.stat().st_mode
    if not stat.S_ISREG(mode):
        raise SecretError(f"{place}: expected a file holding the customer key secret, found something else")
    if mode & 0o027:
        raise SecretError(
            f"{place}: mode {stat.S_IMODE(mode):03o} lets others read or change the customer key secret; "
            f'run "chmod 600 {place}", and replace the secret if others may have read it'
        )
    secret = place.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise SecretError(
            f"{place}: expected at least {SECRET_BYTES} bytes, got {len(secret)}; restore the file from its "
            "backup (a new secret gives every customer a new key)"
        )
    return secret


def _create_secret(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, place)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# RE2 knows no look-around, so a neighbour that must not be a digit is captured and put back.
_BEFORE = r"(^|[^0-9])"
_AFTER = r"($|[^0-9])"
_SOFT_SIGNS = r"\s\p{Z}\-－‐-―_~～\x{00AD}\x{180E}\x{200B}-\x{200F}\x{2060}\x{FEFF}"
_HARD_SIGNS = _SOFT_SIGNS + r".．。·•,，、/／\\|*+()（）\[\]"
_SOFT = rf"[{_SOFT_SIGNS}]{{0,3}}"
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
        _spread("1", "[3-9]", "[0-9]", _SOFT),
        _spread("1", "[3-9]", "[0-9]", r"[,，、/／\\|*·•]{0,2}"),
        _spread("1", "[3-9]", "[0-9]", f"[{_HARD_SIGNS}]"),
        *(_grouped(*sizes) for sizes in ((3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (5, 6))),
        *(_grouped(*sizes) for sizes in ((3, 2, 3, 3), (3, 2, 2, 2, 2))),
    ]
)
_SPOKEN = _spread("[一幺壹]", "[三四五六七八九叁肆伍陆柒捌玖]", "[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]", _SOFT)
_STAMP = "20[0-4][0-9](?:0[1-9]|1[0-2])[0-3][0-9]"
_CLOCK = "[0-2][0-9][0-5][0-9][0-5][0-9]"
_NOT_A_CLOCK = "1[3-9](?:[6-9][0-9]{8}|[0-9]{2}[6-9][0-9]{6})"

_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
_MONTH_DAY = rf"(?:0[1-9]|1[0-2]){_SOFT}(?:0[1-9]|[12][0-9]|3[01])"
_BORN_18 = rf"(?:18|19|20)[0-9]{{2}}{_SOFT}{_MONTH_DAY}{_SOFT}[0-9]{{3}}{_SOFT}[0-9XxＸｘ]"
_BORN_15 = rf"[0-9]{{2}}{_MONTH_DAY}{_SOFT}[0-9]{{3}}"
_IDENTITY = rf"{_PROVINCE}[0-9]{{2}}{_SOFT}[0-9]{{2}}{_SOFT}(?:{_BORN_18}|{_BORN_15})"
_FOURS = rf"{_SOFT}[0-9]{{4}}" * 3
_CARD = rf"[34569][0-9]{{3}}{_FOURS}{_SOFT}[0-9]{{0,3}}|[34569][0-9]{{5}}{_SOFT}[0-9]{{10,13}}"
_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})[)）]?"
_LOCAL = rf"[2-8][0-9]{{2,3}}{_SOFT}[0-9]{{4}}"
_FIXED = rf"(?:(?:[+＋]|00)86{_SOFT}[(（]?0?|[(（]?0){_AREA}{_SOFT}{_LOCAL}"
_FIXED_WORD = r"((?:固话|座机|电话|家电|传真)(?:号码?)?[是为]?[:：]?\s*)"
_EMAIL = r"[A-Za-z0-9][A-Za-z0-9._%+\-]*[@＠][A-Za-z0-9\-]+(?:[.．][A-Za-z0-9\-]+)+"
_PLATE_HEAD = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]"
_PLATE_TAIL = "(?:[0-9][A-Z0-9]{4}|[A-Z][0-9][A-Z0-9]{3}|[A-Z]{2}[0-9][A-Z0-9]{2})[A-Z0-9挂学警]?"

_AZ = "[A-Za-z]?"
_COUNT = "[一二三四五六七八九十百零〇]{1,5}"
_NO = rf"(?:{_AZ}[0-9]{{1,5}}{_AZ}(?:-{_AZ}[0-9]{{1,5}}){{0,3}}|{_COUNT}|[A-Za-z])"
_ROOM = rf"(?:{_NO}\s*(?:层|楼)\s*)?{_NO}\s*(?:号房|室|房|户)"
_STAIR = rf"{_NO}\s*(?:单元|号门|门|梯)\s*(?:{_ROOM}|[0-9]{{3,4}})?"
_HOUSE = rf"{_NO}\s*(?:号楼|号院|栋|幢|座|号|#楼?)[\s,，、]*"
_DOORS = (
    rf"(?:{_HOUSE})+(?:{_STAIR}|{_ROOM})\s*(?:{_ROOM})?",
    rf"{_NO}\s*单元\s*(?:{_ROOM}|[0-9]{{3,4}})?",
    rf"{_AZ}[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{1,3}}\s*(?:室|户)|{_AZ}[0-9]{{3,4}}{_AZ}\s*(?:室|号房)",
    r"(?i)\b(?:room|rm|apt|apartment|suite|ste|unit)\b\.?\s*(?:no\b\.?|#)?\s*[A-Z]?-?[0-9]{1,5}[A-Z]?\b",
)
_BUILDING = rf"{_AZ}[0-9]{{1,3}}{_AZ}\s*(?:号楼|栋|幢)(?:\s*{_AZ}[0-9]{{3,4}}\b)?($|[^楼道房])"
_ON_STREET = r"([路街巷弄村庄圩]|大道|[0-9一二三四五六七八九十][组队])\s*"
_STREET_NO = rf"{_ON_STREET}[0-9]{{1,4}}(?:-[0-9]{{1,4}})?\s*号(?:-[0-9]{{1,4}})?($|[^线])"

# In this order: the longer identifier first, or its digits would be taken for a shorter one.
_RULES: tuple[tuple[str, str], ...] = (
    (_EMAIL, "[邮箱]"),
    (rf"{_BEFORE}(?:{_IDENTITY}){_AFTER}", r"\1[证件号]\2"),
    # Bank numbers begin 3–6 or 9; ids of tickets begin with their year (20…) and so survive.
    (rf"{_BEFORE}(?:{_CARD}){_AFTER}", r"\1[银行卡]\2"),
    (rf"{_BEFORE}{_COUNTRY}(?:{_MOBILE_LOOSE}){_AFTER}", r"\1[手机号]\2"),
    # Glued to other digits: an id that begins with a year stays, unless what follows its date or time stamp
    # can only be a number (13–19 may be an hour, but then minutes and seconds stay below 60).
    (rf"{_BEFORE}({_STAMP}{_CLOCK}){_MOBILE}{_AFTER}", r"\1\2[手机号]\3"),
    (rf"{_BEFORE}({_STAMP}){_NOT_A_CLOCK}{_AFTER}", r"\1\2[手机号]\3"),
    (rf"{_BEFORE}(|2|(?:[013-9]|2[1-9]|20[5-9])[0-9]*?)(?:{_MOBILE})+", r"\1\2[手机号]"),
    (_SPOKEN, "[手机号]"),
    (rf"{_BEFORE}{_FIXED}{_AFTER}", r"\1[固话]\2"),
    (rf"{_FIXED_WORD}{_LOCAL}{_AFTER}", r"\1[固话]\2"),
    (f"{_PLATE_HEAD}[ ·•]?{_PLATE_TAIL}", "[车牌号]"),
    *((door, "[门牌号]") for door in _DOORS),
    (_BUILDING, r"[门牌号]\1"),
    (_STREET_NO, r"\1[门牌号]\2"),
)
# A date must not lend its day to what follows ("2024-08-13 - 2024-08-15 9点" is no number), so its signs are
# hidden meanwhile.
_DATE_SIGNS = {sign: chr(0xF8F0 + at) for at, sign in enumerate("-./")}
_SUSPECT = r"[0-9０-９@＠一幺壹二三四五六七八九十]"


def scrub(texts: pa.Array | pa.ChunkedArray | Iterable[str | None]) -> pa.Array:
    """Texts with personal identifiers replaced by tokens; null stays null, order and length are kept.

    Tokens: ``[手机号] [固话] [证件号] [银行卡] [邮箱] [车牌号] [门牌号]``. Where a number could be read
    either way (16 digits beginning with 6) it is removed: a lost id costs a look-up, a kept number is a
    breach. Full-width digits come back half-width in every text that holds a suspect. Ids that begin with a
    year (2000–2049), other ids of ten digits or fewer, amounts, dates and short service numbers survive.
    Names of people are not recognised.
    """
    source = _as_strings(texts)
    suspects = pc.fill_null(pc.match_substring_regex(source, _SUSPECT), False)
    work = source.filter(suspects)
    for at in range(10):
        work = pc.replace_substring(work, chr(0xFF10 + at), str(at))
    for sign, hidden in _DATE_SIGNS.items():
        date = rf"(^|[^0-9\-./])(20[0-4][0-9])[{sign}](0?[1-9]|1[0-2])[{sign}]([0-3]?[0-9]){_AFTER}"
        work = pc.replace_substring_regex(work, date, rf"\1\2{hidden}\3{hidden}\4\5")
    for pattern, token in _RULES:
        # A shared separator belongs to the first of two neighbours; the second round finds the other.
        for _ in range(2 if pattern.endswith(_AFTER) else 1):
            work = pc.replace_substring_regex(work, pattern, token)
    for sign, hidden in _DATE_SIGNS.items():
        work = pc.replace_substring(work, hidden, sign)
    return pc.replace_with_mask(source, suspects, work)


def neutralise(text: str | None) -> str | None:
    """The text as a cell that no spreadsheet runs: an apostrophe before ``= + - @``, tab or line break.

    Leading blanks and full-width signs count too, because some spreadsheets trim or convert them. For text
    columns only; numbers stay numbers. Applying it twice changes nothing more.
    """
    if not text:
        return text
    first = text.lstrip(" \u00a0\u3000\ufeff")[:1]
    return f"'{text}" if first and first in _FORMULA_START else text


def mask_number(number: str | None) -> str | None:
    """Display form 138****1234 of a mobile number; others keep their last four digits, short ones none."""
    if number is None:
        return None
    plain = normalise_number(number)
    if re.fullmatch(_MOBILE, plain):
        return f"{plain[:3]}****{plain[-4:]}"
    return f"****{plain[-4:]}" if len(plain) >= 8 and plain.isdecimal() else "****"


def _as_strings(values: pa.Array | pa.ChunkedArray | Iterable[str | None]) -> pa.Array:
    array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, from_pandas=True)
    return (array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array).cast(pa.string())
