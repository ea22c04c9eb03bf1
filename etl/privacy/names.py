"""Names of people by what stands beside them: a title after, or a word such as 联系人 before.

A name that stands alone is not recognised: without a lexicon of the town's people, half of the place names
would go with it.
"""

from __future__ import annotations

from etl.privacy.rules import MARK, Group, Rule

_TITLES = "(先生|女士|小姐|师傅|经理)"
_DOUBLE = "欧阳|司马|诸葛|上官|皇甫|令狐|司徒|独孤|夏侯|尉迟|公孙|慕容|长孙|宇文|轩辕|端木|呼延|闻人"
# Family names that are parts of everyday words too: they count only after a sign or a word that leads to a name.
_WEAK = "钱方高金白安常江文华易任关黄段温顾田石毛于康程简万成时游车单"
_STRONG = (
    "王李张刘陈杨赵周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
    "姜范姚谭廖邹熊陆郝孔崔邱秦史侯邵孟龙雷汤尹黎武乔贺赖龚庞樊兰殷施陶洪翟颜倪严牛芦季俞章鲁葛伍韦尤毕聂焦柳"
    "邢岳齐梅莫庄辛祝涂谷祁耿牟卜詹苗凌纪靳童欧甄曲裴卫屈鲍覃霍翁隋甘景薄司柏宁柯阮桂闵柴冉辜吉饶刁瞿戚丘滕晋"
    "邬臧苟褚廉娄盖符奚穆燕郎邸冀姬屠连郜晏栾郁蒙喻窦迟敖冷卓仇艾巩稽仲虞卞封竺冼佟栗匡巫鞠桑荆谌蔺占肖岑漆湛"
)
_ANY = f"(?:{_DOUBLE}|[{_STRONG}{_WEAK}])"
_SURE = f"(?:{_DOUBLE}|[{_STRONG}])"
# A Han character that may be part of a given name; words of grammar end the search for a family name.
_GRAMMAR = "的了是在我你他她它这那个位要不没与及或被把让给找对跟从请问说称叫等又也都就还很再已未为某该本其总副"
_NOT_HAN = r"\x{00}-\x{33FF}\x{4DC0}-\x{4DFF}\x{A000}-\x{10FFFF}"
_HAN = f"[^{_NOT_HAN}]"
_GIVEN = f"[^{_NOT_HAN}{_GRAMMAR}]"
_LEADS = (
    "客户|用户|机主|户主|回访|联系|联络|告知|转告|通知|致电|答复|回复|安排|值班|业务员|营业员|客服|投诉人|联系人|装维|房东|邻居|老板|家属|营业厅|门店|"
    "师傅|经理|班长|店长|[是由被找给让叫跟与和请对向及或称说的]"
)
# Everyday words that begin or end with a family name. A mark on both sides keeps them out of every name.
_WORDS = (
    "安排|安装|安保|安全|保安|公安|平安|施工|项目|单位|单独|方案|方便|方式|方面|方法|对方|双方|地方|官方|我方|高级|高兴|"
    "高峰|高空|高速|高温|提高|金牌|金额|资金|租金|押金|华为|华东|新华|中华|任务|任何|^主任|[^机户]主任|责任|前任|现任|关于|关闭|关系|"
    "相关|有关|机关|海关|非常|日常|异常|正常|经常|通常|常常|江苏|长江|江都|江边|镇江|时间|时候|当时|时段|阶段|路段|"
    "成功|成为|和平|马上|马路|周边|周围|周[一二三四五六日末]|白天|明白|空白|万元|万一|感谢|谢谢|顾客|照顾|武汉|文昌|文件|"
    "连续|连接|容易|交易|贸易|简单|简直|毛病|健康|程序|流程|工程|游戏|游客|车主|车间|车站|田间|石头|温馨|许多|许可|何时|"
    "何种|任意|陈述|陈旧|尤其|毕竟|孙女|孙子|宁愿|许诺|曾[多经两三因要投来打致申反于在向被]|余额|章程|纪律|晋级|严重|严格|景区|封锁|封闭|封停|符合|欧洲|龙头|司机|宁可|汤药|季度|季节|段时间|"
    "向来|向上|方向|和谐|和解|于是|于今|关于|对于|由于|属于|至于|等于|家属|施救|雷雨|雷电|祝您|连同"
)
# Not the title: 曾经理解, 已经理赔, 优先生成.
_OTHER_WORDS = "(先|经)(生成|生产|生效|理解|理赔|理论|理由|理想)"
LABELS = (
    "(?:客户|机主|联系人|用户|投诉人|户主)?姓名|联系人|机主|户主|收件人|经办人|代办人|投诉人|报障人|申请人|使用人|来话人|来电人|"
    "(?:我|本人|名字)叫"
)
_SIGN = r"(?:[/、及和]?(?:联系)?电话)?(?:是|为|叫|就是)?\s?[:：(（]\s?|[/、及]?(?:电话)?\s+"
_IS = "是|为|叫|"
# What comes after a name when no sign does.
_THEN = (
    r"反映|反应|核实|核对|确认|沟通|协商|提出|来电|致电|来访|称|表示|投诉|要求|申请|咨询|说|电话|手机|办理|的|已|于|在|到|不|同意|本人|先生|女士|小姐|"
    rf"身份|证件|性别|地址|住|年|多次|再次|未|无|想|希望|需|与|和|及|非|有|是|因|由|至|打|被|[{_NOT_HAN}]|$"
)
# What a customer whose name has no title does.
_SAYS = "反映|来电|致电|要求|投诉|表示|称|[（(,，:：]"
CUSTOMER = rf"(客户|用户|[其我](?:父|母|老公|老婆)亲?){_SURE}{_GIVEN}{{1,2}}({_SAYS})"
_EN_NAME = r"[A-Z][A-Za-z]*['’\-]?[A-Za-z]+(?:\s[A-Z]['’]?[A-Za-z]*[a-z])?"

GROUPS = (
    Group(
        rf"先生|女士|小姐|师傅|经理|{LABELS}",
        (
            Rule(f"({_WORDS})", rf"{MARK}\1{MARK}"),
            Rule(_OTHER_WORDS, rf"\1{MARK}\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}))(?:{_ANY}{_HAN}{{1,2}}|{_DOUBLE})($|[{_NOT_HAN}])", r"\1[姓名]\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}|{_IS}))(?:{_ANY}{_HAN}|{_DOUBLE})({_THEN})", r"\1[姓名]\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}|{_IS})){_ANY}{_HAN}{{2}}({_THEN})", r"\1[姓名]\2"),
            Rule(rf"((?:{LABELS})(?:{_SIGN}|{_IS})){_SURE}{_HAN}{{1,2}}", r"\1[姓名]"),
            Rule(rf"(^|[{_NOT_HAN}]|{_LEADS}){_ANY}{_GIVEN}{{0,2}}{_TITLES}", r"\1[姓名]\2"),
            Rule(rf"{_SURE}{_GIVEN}{{0,2}}{_TITLES}", r"[姓名]\1"),
        ),
    ),
    Group(CUSTOMER, (Rule(f"({_WORDS})", rf"{MARK}\1{MARK}"), Rule(CUSTOMER, r"\1[姓名]\2"))),
    Group(
        r"(?i)\b(?:mr|mrs|ms|miss|dr)\b\.?\s|name(?: is|:)|signed,",
        (
            Rule(r"\b(Miss\s)([A-Z][A-Za-z]*ed\b)", rf"\1{MARK}\2"),
            Rule(rf"\b((?i:mr|mrs|ms|miss|dr)\b\.?\s){_EN_NAME}", r"\1[姓名]"),
            Rule(rf"((?i:my name is|full name is|name:|signed,)\s?){_EN_NAME}", r"\1[姓名]"),
        ),
    ),
)
