"""Names of people that have no title: known by who is spoken of, by what people do, and by what names are made of.

A family name and one or two characters that given names are made of are a name where a word that leads to people
stands before, or a word that says what a person did behind. Places and products that begin like a name are set apart.
Names with a title or behind a label are `names.py`'s.
"""

from __future__ import annotations

from etl.privacy.lookalikes import EVERYDAY, PLACES
from etl.privacy.names import DOUBLE, FAMILY, NOT_HAN, SURE_FAMILY
from etl.privacy.rules import MARK, Group, Rule

# What given names are made of; words of grammar, of telephony and of every day are left out although some are given.
_GIVEN = (
    "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂兰英华玉萍红鹏辉梅琳飞宇浩晨曦婷雪怡佳欣俊峰志国建文小晓思海江云春"
    "丽莉波斌彬健鑫凯亮东林森龙虎翔博轩涵梓萱诗雨妍菲悦琪瑶璐颖倩薇蕾莹洁玲珍凤燕莺琴瑟荣福贵祥瑞康宁泰顺财富旺兴"
    "盛昌茂永恒庆喜乐欢贤德仁义礼智忠孝诚廉慧聪睿哲才良善美淑贞端庄雅惠娥仙媛姣娇妮妹姗婉婵嫣嘉佩珊瑛瑾璇珏琦瑜珠宝"
    "玺翠碧青蓝紫丹彤绮绣彩芬芝芸芹茹荷莲菊葵蓉蔷蕊竹松柏桐枫杨柳桃杏槐楠榕樱栋梁泉溪洲涌澜清澈瀚泽润沛淼岩岭岳峻崇"
    "峦砚星辰月晖旭昊晶昕晗晟曼夏秋霜霆霄宏广胜捷征武威猛豪毅坚韧铁锋锐剑锦铭鉴钧钰银镇懿翊煜昱沁筱渝炜骏骞韬竣玥珂"
    "祎皓奕弈鸿麒麟蓓馨茜芮苒汐潼淇滢漪昀旻甫卿屹崧垚坤培增巧娣弟根存正香花寿禄来川源旋利信彪雄钢震恩启承绍继宗祖耀"
    "光立仲伯叔季少元学邦克振友朋亚蒂艺舒畅逸尧舜禹禾苗木生祺祯禧裕沅湘楚珉琰琬琛璟瑄萌芷若冰心语桥帆航舟岚"
)
_ANY = f"(?:{DOUBLE}|[{FAMILY}])"
_G = f"[{_GIVEN}]"
NAME = rf"{_ANY}{_G}{{1,2}}"
_TOWN = (
    "(?:[镇乡村路街巷桥苑墅屯]|[东南西北中]路|大道|山庄|小区|花园|家园|花苑|大厦|广场|商场|超市|酒店|饭店|景区|公寓|新村|新区|国际|名都|"
    "小学|中学|大学|学校|学区|医院|机场|火车站|高铁站|铁路|物业|公司)"
)
# Who a name may follow.
_WHO = (
    "我是|我就是|本人|业主|租[客户]|房东|房主|户名|户主|机主|老公|老婆|丈夫|妻子|爱人|[爸妈父母]亲?|爸爸|妈妈|儿子|女儿|"
    "哥哥|姐姐|弟弟|妹妹|爷爷|奶奶|外公|外婆|岳父|岳母|邻居|同事|朋友|老板|代表|"
    f"(?:维护|装维|施工|工作|安装|维修|代维|客服|值班|物业|外呼)?人员|装维|营业员|业务员|客服|话务员|工程{MARK}?师|经理|组长|法人|学生|老人|租户|店长|班长|主管|队长|"
    "(?:开户|登记|来电|来话|报障|签字|代办|经办|办理|使用|持有|受理|处理|申请|投诉|付款|收款|收件|反映|当事|负责|接待)人[为是]?|客户|用户|"
    "名叫|叫做|自称|一个叫|登记为|实名为|签名|署名|落款|敬礼"
)
# What may lead to a name where a word behind tells that a person is meant.
_TO = "由|与|和|给|转|找|让|请|被|跟|在|向|是|联系|告知|通知|转告|致电|回访|答复"
_SIGN = r"[\s:：,，(（\"“《]{0,2}"
_STOP = f"[{NOT_HAN}]"
# What people do, have and are; a place or a product seldom has it behind itself.
_DOES = (
    "先后|今[天日]|昨[天日]|又|家里|欠费|把|将|曾|打|反复|因为|答复|剪|反映|反应|来电|致电|来访|来函|称|表示|表明|投诉|咨询|要求|要|申请|办理|说|讲|告知|未|已|已经|于|在|想|希望|需|"
    "从[未没来]|同意|拒绝|认可|承诺|答应|态度|私自|擅自|本人|[男女]|的(?:手机|号码|电话|宽带|名下|身份证|账户|人|业务员|客服|小)|名下|"
    "之?[前后]|不(?:在|会|同意|认可|满|肯|接|愿)|没有?(?:来|去|接|人)|多次|再次|代[为办]|也[是在要未没有]|与|持|因|被|时|对|到|测试|上门|"
    "负责|跟进|处理|处置|回电|回复|沟通|协商|核实|确认|签字|签名|我的|我想|我要|你们|请|家|住|年龄|身份|帮|替|等"
)
_PHONE = r"\[(?:手机号|固话|电话)\]"
_APART = r"[\s,，、/(（:：\-]{1,2}"

# The last character of words for a person, before which a whole name needs no other sign.
_ROLE = "[人员工师长户民农商者友]|同志|教授|书记|老板|经理|代表|学生|医生|主任"
_WHOLE = rf"(?:{DOUBLE}{_G}|[{SURE_FAMILY}]{_G}{{2}})"
_CALLED = "同志|教授|医生|老师|书记|主任|局长|院长|校长|律师|阿姨|大爷|大妈|叔叔"

GROUPS = (
    Group(
        rf"(?:{_ROLE})[为是]?[:：\s]?{_WHOLE}|{NAME}(?:{_CALLED}|[:：])|[人名][:：]{NAME}|"
        rf"(?:{_WHO}|{_TO})[为是]?{_SIGN}{NAME}|{NAME}(?:{_DOES}|{_APART}[男女]|{_APART}{_PHONE})|{_PHONE}{_APART}{NAME}",
        (
            Rule(f"((?:{PLACES}){_TOWN}?|{EVERYDAY}|{NAME}{_TOWN})", rf"{MARK}\1{MARK}"),
            Rule(rf"((?:{_WHO})[为是]?{_SIGN}){NAME}($|{_STOP}|{_DOES})", r"\1[姓名]\2", twice=True),
            Rule(rf"((?:{_ROLE})[为是]?[:：\s]?){_WHOLE}", r"\1[姓名]"),
            Rule(rf"([人员者名][:：]){NAME}($|{_STOP})", r"\1[姓名]\2"),
            Rule(rf"(^|{_STOP}){_WHOLE}([:：])", r"\1[姓名]\2"),
            Rule(rf"(^|{_STOP}){_WHOLE}({_DOES})", r"\1[姓名]\2"),
            Rule(rf"{NAME}({_CALLED})", r"[姓名]\1"),
            Rule(rf"(\[姓名\][、,，和与及]){NAME}($|{_STOP}|{_DOES})", r"\1[姓名]\2", twice=True),
            Rule(rf"((?:{_TO})(?:客户|用户|机主)?){NAME}($|[\s,，。;；)）]|{_DOES})", r"\1[姓名]\2", twice=True),
            Rule(rf"(^|{_STOP}){NAME}({_APART}{_PHONE})", r"\1[姓名]\2", twice=True),
            Rule(rf"({_PHONE}{_APART}){NAME}($|{_STOP})", r"\1[姓名]\2", twice=True),
            Rule(rf"(^|[{NOT_HAN}]){NAME}(反映|来电|致电|投诉|表示|称|{_APART}[男女][,，\s])", r"\1[姓名]\2"),
        ),
    ),
)
SUSPECT = GROUPS[0].gate
