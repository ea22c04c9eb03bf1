"""Names of people by a title after them or a label before them. Names without either are `bare.py`'s."""

from __future__ import annotations

from etl.privacy.lookalikes import EVERYDAY, PLACES
from etl.privacy.rules import MARK, Group, Rule

_TITLES = "(先生|女士|小姐|师傅|经理)"
DOUBLE = "欧阳|司马|诸葛|上官|皇甫|令狐|司徒|独孤|夏侯|尉迟|公孙|慕容|长孙|宇文|轩辕|端木|呼延|闻人"
# Family names that are parts of everyday words too: they count only after a sign or a word that leads to a name.
_WEAK = "钱方高金白安常江文华易任关黄段温顾田石毛于康程简万成时游车单"
SURE_FAMILY = (
    "王李张刘陈杨赵周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
    "姜范姚谭廖邹熊陆郝孔崔邱秦史侯邵孟龙雷汤尹黎武乔贺赖龚庞樊兰殷施陶洪翟颜倪严牛芦季俞章鲁葛伍韦尤毕聂焦柳"
    "邢岳齐梅莫庄辛祝涂谷祁耿牟卜詹苗凌纪靳童欧甄曲裴卫屈鲍覃霍翁隋甘景薄司柏宁柯阮桂闵柴冉辜吉饶刁瞿戚丘滕晋"
    "邬臧苟褚廉娄盖符奚穆燕郎邸冀姬屠连郜晏栾郁蒙喻窦迟敖冷卓仇艾巩稽仲虞卞封竺冼佟栗匡巫鞠桑荆谌蔺占肖岑漆湛"
)
FAMILY = SURE_FAMILY + _WEAK
_ANY = f"(?:{DOUBLE}|[{SURE_FAMILY}{_WEAK}])"
_SURE = f"(?:{DOUBLE}|[{SURE_FAMILY}])"
# A Han character that may be part of a given name; words of grammar end the search for a family name.
_GRAMMAR = "的了是在我你他她它这那个位要不没与及或被把让给找对跟从请问说称叫等又也都就还很再已未为某该本其总副"
NOT_HAN = r"\x{00}-\x{33FF}\x{4DC0}-\x{4DFF}\x{A000}-\x{10FFFF}"
_HAN = f"[^{NOT_HAN}]"
_GIVEN = f"[^{NOT_HAN}{_GRAMMAR}]"
_LEADS = (
    "客户|用户|机主|户主|回访|联系|联络|告知|转告|通知|致电|答复|回复|安排|值班|业务员|营业员|客服|投诉人|联系人|装维|房东|邻居|老板|家属|营业厅|门店|"
    "师傅|经理|班长|店长|[是由被找给让叫跟与和请对向及或称说的]"
)
# Not the title: 曾经理解, 已经理赔, 优先生成.
_OTHEREVERYDAY = "(先|经)(生成|生产|生效|理解|理赔|理论|理由|理想)"
LABELS = (
    "(?:客户|机主|联系人|用户|投诉人|户主)?姓名|联系人|机主|户主|收件人|经办人|代办人|投诉人|报障人|申请人|使用人|来话人|来电人|"
    "(?:我|本人|名字)叫"
)
_SIGN = r"(?:[/、及和]?(?:联系)?电话)?(?:是|为|叫|就是)?\s?[:：(（]\s?|[/、及]?(?:电话)?\s+"
_IS = "是|为|叫|"
# What comes after a name when no sign does.
_THEN = (
    r"反映|反应|核实|核对|确认|沟通|协商|提出|来电|致电|来访|称|表示|投诉|要求|申请|咨询|说|电话|手机|办理|的|已|于|在|到|不|同意|本人|先生|女士|小姐|"
    rf"身份|证件|性别|地址|住|年|多次|再次|未|无|想|希望|需|与|和|及|非|有|是|因|由|至|打|被|[{NOT_HAN}]|$"
)
# What a customer whose name has no title does.
_SAYS = "反映|来电|致电|要求|投诉|表示|称|[（(,，:：]"
CUSTOMER = rf"(客户|用户|[其我](?:父|母|老公|老婆)亲?){_SURE}{_GIVEN}{{1,2}}({_SAYS})"
_EN_NAME = r"[A-Z][A-Za-z]*['’\-]?[A-Za-z]+(?:\s[A-Z]['’]?[A-Za-z]*[a-z])?"

GROUPS = (
    Group(
        rf"先生|女士|小姐|师傅|经理|{LABELS}",
        (
            Rule(f"({EVERYDAY})", rf"{MARK}\1{MARK}"),
            Rule(_OTHEREVERYDAY, rf"\1{MARK}\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}))(?:{_ANY}{_HAN}{{1,2}}|{DOUBLE})($|[{NOT_HAN}])", r"\1[姓名]\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}|{_IS}))(?:{_ANY}{_HAN}|{DOUBLE})({_THEN})", r"\1[姓名]\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}|{_IS})){_ANY}{_HAN}{{2}}({_THEN})", r"\1[姓名]\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}|{_IS})){_SURE}{_HAN}{{1,2}}", r"\1[姓名]"),
            Rule(rf"(^|[{NOT_HAN}]|{_LEADS}){_ANY}{_GIVEN}{{0,2}}{_TITLES}", r"\1[姓名]\2"),
            Rule(rf"{_SURE}{_GIVEN}{{0,2}}{_TITLES}", r"[姓名]\1"),
        ),
    ),
    Group(CUSTOMER, (Rule(f"({PLACES}|{EVERYDAY})", rf"{MARK}\1{MARK}"), Rule(CUSTOMER, r"\1[姓名]\2"))),
    Group(
        r"(?i)\b(?:mr|mrs|ms|miss|dr)\b\.?\s|name(?: is|:)|signed,",
        (
            Rule(r"\b(Miss\s)([A-Z][A-Za-z]*ed\b)", rf"\1{MARK}\2"),
            Rule(rf"\b((?i:mr|mrs|ms|miss|dr)\b\.?\s){_EN_NAME}", r"\1[姓名]"),
            Rule(rf"((?i:my name is|full name is|name:|signed,)\s?){_EN_NAME}", r"\1[姓名]"),
        ),
    ),
)
