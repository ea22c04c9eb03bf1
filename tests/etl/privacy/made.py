"""Identifiers made up at run time, in the spellings people use. No file of the repository holds one.

Numbers come from a seeded generator; people's birth years lie in the 1800s, so an identity number is nobody's.
"""

from __future__ import annotations

import random
from collections.abc import Callable

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SPOKEN = ["零〇", "一幺", "二两", "三", "四", "五", "六", "七", "八", "九"]
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND = ["欧阳", "司马", "诸葛", "上官", "皇甫", "令狐"]
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂兰英华玉萍红鹏辉梅琳飞宇浩晨曦婷雪怡佳欣俊峰志国建文小晓思海江云春"
# Rarer and older given names than the ones above, written before any rule looked at given names.
WIDE = (
    "懿翊煜昱沁筱渝炜骏骞韬竣媛玥珂祎皓奕鸿麒麟蓓馨茜芮苒汐潼澜淇滢漪昀旻甫卿辰屹崧垚坤培增富贵旺银巧凤桃杏菊"
    "娣妹根宝存留正广大香珍珠翠莲荷花福寿禄祥庆喜来顺发兴荣盛昌茂松柏林森山川泉源清波洁莹莎莉蕾薇瑶琪瑾璐"
    "凯旋胜利忠诚义礼智信仁德贤良善美淑贞惠慧聪睿哲博文武斌彬彪豪雄威猛刚毅坚钢铁锋锐鑫铭钧锦绣"
)
ENGLISH = ["Smith", "Johnson", "Baker", "O'Neil", "Garcia", "Miller", "McCoy", "Lee", "Walker", "Lopez"]
FIRST = ["John", "Mary", "Peter", "Linda", "Carlos", "Susan", "Kevin", "Anna"]
SPOKEN_DOORS = ["三栋二单元五零一室", "十二幢三单元", "五号楼六零二室", "二十栋一单元三零二"]
US_FORMS = ["({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1 {} {} {}", "1-{}-{}-{}"]
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

Make = Callable[[random.Random], str]


def digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choices("0123456789", k=n))


def mobile(rng: random.Random) -> str:
    return "1" + rng.choice("3456789") + digits(rng, 9)


def groups(rng: random.Random, *signs: str) -> str:
    number, sign = mobile(rng), rng.choice(signs)
    return f"{number[:3]}{sign}{number[3:7]}{sign}{number[7:]}"


def prefixed(rng: random.Random) -> str:
    return rng.choice(["+86", "+86 ", "86-", "0086", "(+86)"]) + groups(rng, "", "-", " ")


def spoken(rng: random.Random) -> str:
    return "".join(rng.choice(SPOKEN[int(d)]) for d in mobile(rng))


def mixed(rng: random.Random) -> str:
    number = mobile(rng)
    cut = rng.randrange(3, 8)
    return number[:cut] + "".join(SPOKEN[int(d)][0] for d in number[cut:])


def odd(rng: random.Random) -> str:
    return "".join(d + rng.choice(["", "", " ", "-", "—", "\u3000", "\u200b"]) for d in mobile(rng)).rstrip(
        " -—\u3000\u200b"
    )


def luhn(body: str) -> str:
    total = 0
    for at, digit in enumerate(reversed(body)):
        twice = int(digit) * (2 if at % 2 == 0 else 1)
        total += twice - 9 if twice > 9 else twice
    return body + str(-total % 10)


def card(rng: random.Random, n: int) -> str:
    head = rng.choice(["6222", "6217", "6228", "4367", "5187"]) if n == 16 else "62" + digits(rng, 2)
    return luhn(head + digits(rng, n - 1 - len(head)))


def card_grouped(rng: random.Random) -> str:
    number = card(rng, rng.choice([16, 19]))
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def identity(rng: random.Random) -> str:
    area = rng.choice(["3210", "3201", "1101", "4403", "3701"]) + f"{rng.randrange(1, 29):02d}"
    born = f"18{rng.randrange(10, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
    body = area + born + digits(rng, 3)
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def identity_15(rng: random.Random) -> str:
    return f"3210{rng.randrange(1, 29):02d}{rng.randrange(10, 99)}{rng.randrange(1, 13):02d}01" + digits(rng, 3)


def fixed(rng: random.Random) -> str:
    area, line = rng.choice([("0514", 8), ("010", 8), ("025", 8), ("0571", 8), ("0898", 8), ("0917", 7)])
    number = rng.choice("2345678") + digits(rng, line - 1)
    return rng.choice([f"{area}-{number}", f"{area}{number}", f"({area}){number}", f"{area} {number}"])


def extended(rng: random.Random) -> str:
    return fixed(rng) + rng.choice(["-", "转", "转分机", " 分机"]) + str(rng.randrange(100, 9000))


def hotline(rng: random.Random) -> str:
    n = rng.choice(["400", "800"]) + digits(rng, 7)
    return rng.choice([n, f"{n[:3]}-{n[3:6]}-{n[6:]}", f"{n[:4]}-{n[4:7]}-{n[7:]}", f"{n[:3]} {n[3:6]} {n[6:]}"])


def email(rng: random.Random) -> str:
    user = rng.choice(["li.x", "wang_" + digits(rng, 3), "user" + digits(rng, 5), "a-b" + digits(rng, 2)])
    return f"{user}@{rng.choice(['example.com', 'mail.example.cn', 'example.org'])}"


def plate(rng: random.Random) -> str:
    head = rng.choice("京沪苏浙皖粤鲁") + rng.choice("ABCDEFGHK")
    return head + rng.choice(["", "·", " "]) + rng.choice(LETTERS) + digits(rng, 4)


def name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice([1, 2, 2])))


def name_wide(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN + WIDE, k=rng.choice([1, 2, 2, 2])))


def door(rng: random.Random) -> str:
    house, stair, floor = rng.randrange(1, 60), rng.randrange(1, 6), rng.randrange(1, 30)
    room = f"{floor}0{rng.randrange(1, 7)}"
    return rng.choice(
        [
            f"{house}栋{stair}单元{room}室",
            f"{house}号楼{stair}单元{room}室",
            f"{house}幢{room}室",
            f"{house}幢{stair}单元{room}",
            f"{house}号楼{room}室",
            f"{house}栋{room}",
            f"{rng.choice('ABC')}座{room}室",
            f"{house}#{room}",
        ]
    )


def flat_en(rng: random.Random) -> str:
    kind = rng.choice(["Apt", "Apartment", "Unit", "Room", "Suite", "Apt."])
    return f"{kind} {rng.randrange(1, 60)}{rng.choice(['', 'A', 'B'])}"


def address(rng: random.Random) -> str:
    """A public IPv4 address of the ranges kept for documentation."""
    return rng.choice(["203.0.113.", "198.51.100."]) + str(rng.randrange(1, 255))


def _us(rng: random.Random, form: str) -> str:
    return form.format(rng.choice("23456789") + digits(rng, 2), "555", "01" + digits(rng, 2))


# Placeholder -> (token it must become, how it is made).
KINDS: dict[str, tuple[str, Make]] = {
    "mobile": ("手机号", mobile),
    "mobile_spaced": ("手机号", lambda r: groups(r, " ", "\u3000", "  ")),
    "mobile_dashed": ("手机号", lambda r: groups(r, "-", "－", " - ", "—")),
    "mobile_dotted": ("手机号", lambda r: groups(r, ".", "·", "．")),
    "mobile_slashed": ("手机号", lambda r: groups(r, "/", "*", "、")),
    "mobile_prefixed": ("手机号", prefixed),
    "mobile_glued": ("手机号", lambda r: r.choice(["+86", "0086"]) + mobile(r)),
    "mobile_wide": ("手机号", lambda r: mobile(r).translate(FULL_WIDTH)),
    "mobile_spoken": ("手机号", spoken),
    "mobile_mixed": ("手机号", mixed),
    "mobile_odd": ("手机号", odd),
    "mobile_zero_width": ("手机号", lambda r: "\u200b".join(mobile(r))),
    "mobile_broken": ("手机号", lambda r: groups(r, "\n", "\r\n")),
    "mobile_tagged": ("手机号", lambda r: groups(r, "</b><b>", "&nbsp;", "<br>")),
    "mobile_keycap": ("手机号", lambda r: "".join(d + "\ufe0f\u20e3" for d in mobile(r))),
    "mobile_oh": ("手机号", lambda r: "1" + r.choice("3589") + "O" + digits(r, 3) + "O" + digits(r, 4)),
    "mobile_science": ("手机号", lambda r: f"1.{mobile(r)[1:]}E+10"),
    "fixed": ("固话", fixed),
    "fixed_ext": ("固话", extended),
    "fixed_abroad": ("固话", lambda r: f"+86 514 8{digits(r, 7)}"),
    "local": ("固话", lambda r: "8" + digits(r, 7)),
    "hotline": ("固话", hotline),
    "id18": ("证件号", identity),
    "id18_spaced": ("证件号", lambda r: (lambda n: f"{n[:6]} {n[6:14]} {n[14:]}")(identity(r))),
    "id18_wide": ("证件号", lambda r: identity(r).translate(FULL_WIDTH)),
    "id15": ("证件号", identity_15),
    "passport": ("证件号", lambda r: r.choice("EG") + digits(r, 8)),
    "ssn": ("证件号", lambda r: f"9{digits(r, 2)}-{digits(r, 2)}-{digits(r, 4)}"),
    "card": ("银行卡", lambda r: card(r, r.choice([16, 19, 19, 18]))),
    "card16": ("银行卡", lambda r: card(r, 16)),
    "card_grouped": ("银行卡", card_grouped),
    "email": ("邮箱", email),
    "email_wide": ("邮箱", lambda r: email(r).replace("@", "＠").replace(".", "．")),
    "wechat": ("微信号", lambda r: "wx" + r.choice(["_", "-", ""]) + digits(r, 7)),
    "wechat_colon": ("微信号", lambda r: ":abc_" + digits(r, 6)),
    "qq": ("QQ号", lambda r: str(r.randrange(10**6, 10**10))),
    "plate": ("车牌号", plate),
    "plate_green": ("车牌号", lambda r: "苏K" + r.choice("DF") + digits(r, 5)),
    "ip": ("IP地址", address),
    "imei": ("设备号", lambda r: luhn("86" + digits(r, 12))),
    "imsi": ("设备号", lambda r: "4600" + r.choice("01") + digits(r, 10)),
    "iccid": ("设备号", lambda r: "8986" + digits(r, 16)),
    "mac": ("设备号", lambda r: ":".join(f"{r.randrange(256):02X}" for _ in range(6))),
    "name": ("姓名", name),
    "name_wide": ("姓名", name_wide),
    "surname": ("姓名", lambda r: r.choice(SURNAMES)),
    "compound": ("姓名", lambda r: r.choice(COMPOUND) + r.choice(["", r.choice(GIVEN)])),
    "en_name": ("姓名", lambda r: r.choice(ENGLISH)),
    "en_full": ("姓名", lambda r: f"{r.choice(FIRST)} {r.choice(ENGLISH)}"),
    "door": ("门牌号", door),
    "door_dashed": ("门牌号", lambda r: f"{r.randrange(1, 40)}-{r.randrange(1, 6)}-{r.randrange(101, 1900)}"),
    "door_dashed_room": ("门牌号", lambda r: f"{r.randrange(1, 40)}-{r.randrange(1, 6)}-{r.randrange(101, 1900)}室"),
    "door_spoken": ("门牌号", lambda r: r.choice(SPOKEN_DOORS)),
    "street_no": ("门牌号", lambda r: f"{r.randrange(1, 900)}{r.choice(['', '-' + str(r.randrange(1, 20))])}号"),
    "flat": ("门牌号", lambda r: f"{r.randrange(1, 30)}0{r.randrange(1, 9)}室"),
    "tower": ("门牌号", lambda r: f"{r.choice('ABCD')}座{r.randrange(1, 4)}单元"),
    "building": ("门牌号", lambda r: f"{r.randrange(1, 60)}{r.choice(['栋', '幢', '号楼'])}"),
    "group_no": ("门牌号", lambda r: f"{r.randrange(1, 12)}组{r.randrange(1, 99)}号"),
    "us_phone": ("电话", lambda r: _us(r, r.choice(US_FORMS))),
    "us_phone_bare": ("电话", lambda r: _us(r, "{}{}{}")),
    "en_house": ("门牌号", lambda r: str(r.randrange(1, 9999))),
    "en_flat": ("门牌号", flat_en),
}  # fmt: skip
# Looks like a mobile number, but the label before it says what it is.
KEPT: dict[str, Make] = {"order": mobile}
