"""Complaint texts of the demo city, with the identifiers and oddities that a scrubber must survive.

Numbers and addresses are invented at run time; no full phone number stands in this file.
"""

from __future__ import annotations

import numpy as np

from etl.demo import names
from etl.demo.rng import Streams
from etl.demo.tickets import Tickets

_OPENERS = ("客户反映", "客户来电称", "用户投诉", "客户表示", "")
_BODIES: dict[str, tuple[str, ...]] = {
    "信号弱/无服务": (
        "在{place}手机信号弱,室内基本无服务",
        "{place}一带信号只有一格,经常显示无服务",
        "家住{place},屋内打不通电话",
    ),
    "网速慢": (
        "{place}上网很慢,网页打不开",
        "晚上在{place}网速慢,下载只有几十K",
        "5G图标在但{place}网速很慢",
    ),
    "掉线/通话中断": ("在{place}通话经常中断", "{place}打电话几分钟就掉线", "移动中经过{place}电话掉线"),
    "网络拥堵": ("节假日在{place}网络拥堵,无法付款", "{place}人多时上不了网", "{place}高峰时段网络卡"),
    "视频卡顿": ("在{place}看视频一直缓冲", "视频会议卡顿,地点{place}", "{place}刷短视频卡顿明显"),
    "无法通话/收不到短信": (
        "在{place}无法拨打电话",
        "收不到验证码短信,位置{place}",
        "{place}附近电话打不进来",
    ),
    "大面积中断": ("{place}整片没有信号", "{place}从傍晚起全部无服务,邻居也一样"),
    "客服态度差": ("客服态度生硬,未听完就挂断", "在线客服敷衍,反复复制话术", "客服语气不耐烦"),
    "营业厅态度差/顶撞": ("营业厅工作人员态度差", "办理业务时被营业员顶撞", "营业员对老人不耐烦"),
    "服务不及时/等待久": ("热线等待超过二十分钟", "营业厅排队一个多小时", "约定上门时间无人来"),
    "解决问题能力不足": ("多次来电问题仍未解决", "客服只会道歉不能处理", "每次解释不一样,没有结果"),
    "解答不准确": ("客服解释的资费与账单不符", "营业员讲的规则与短信不一致"),
    "资费过高/结构复杂": ("套餐太贵,看不懂构成", "月租高而流量用不完,希望降档", "套餐条款复杂,要求解释"),
    "计费不准确": ("账单流量计费有误,多收{fee}元", "通话费与实际不符,多扣{fee}元", "短信费异常,多收{fee}元"),
    "套餐变更不合理/手续繁": ("不能改低档套餐,要求说明", "变更套餐要跑营业厅,手续繁琐", "套餐未经同意被变更"),
    "不明通话短信记录": ("详单里有不明通话", "出现不明短信费用{fee}元"),
    "流量异常消耗": ("夜间流量异常消耗", "没怎么用就提示流量用完"),
    "退费": ("退费{fee}元迟迟未到账", "要求退还误订业务费{fee}元"),
    "流程繁琐": ("办理过户材料太多", "携号转网流程繁琐,来回几次"),
    "办理错误": ("套餐办错,要求改回", "业务类型办理错误"),
    "未按承诺办理/优惠未兑现": ("承诺的优惠未兑现,少返{fee}元", "答应的赠送一直没有到账"),
    "宽带办理": ("宽带报装一周无人联系", "宽带移机迟迟未办"),
    "手机故障": ("合约机无法开机", "手机充电发热,要求检修"),
    "移动宽带设备故障": ("光猫指示灯红灯,上不了网", "路由器频繁重启"),
    "质量问题": ("合约机屏幕有问题,要求更换", "电池一天充三次"),
    "不会使用": ("老人不会设置手机上网", "不知道怎么关闭业务"),
}
_PREFIXES = ("135", "138", "139", "150", "158", "159", "182", "187", "188")


def contact_number(rng: np.random.Generator) -> str:
    """An invented mobile number, built at run time."""
    return f"{_PREFIXES[int(rng.integers(len(_PREFIXES)))]}{int(rng.integers(10**8)):08d}"


def contents(streams: Streams, tickets: Tickets, place_names: list[str], planted: dict[int, str]) -> list[str]:
    """One text per ticket; `place_names` is the named place or town of each, `planted` fixed texts by row."""
    rng = streams.get("texts")
    n = len(tickets)
    opener = rng.integers(len(_OPENERS), size=n)
    variant = rng.random(n)
    fee = np.round(rng.gamma(2.0, 14, n) + 3, 2)
    trait = rng.random(n)
    result = []
    for row in range(n):
        if row in planted:
            result.append(planted[row])
            continue
        bodies = _BODIES[names.SUBTYPES[tickets.subtype[row]].name]
        body = bodies[int(variant[row] * len(bodies))].format(place=place_names[row], fee=fee[row])
        text = _OPENERS[opener[row]] + body
        t = trait[row]
        if t < 0.16:
            text = _trait(rng, t, text)
        result.append(text)
    return result


def _trait(rng: np.random.Generator, t: float, text: str) -> str:
    if t < 0.05:
        return f"{text},联系电话{contact_number(rng)}"
    if t < 0.06:
        number = contact_number(rng)
        return f"{text},请回拨+86 {number[:3]}-{number[3:7]}-{number[7:]}"
    if t < 0.07:
        return f"{text},邮箱user{int(rng.integers(10**5))}@example.com"
    if t < 0.10:
        block, stair, door = (int(rng.integers(*span)) for span in ((1, 40), (1, 5), (101, 1900)))
        return f"{text},地址{block}栋{stair}单元{door}室"
    if t < 0.105:
        return f"<b>{text}</b><br>请<script>alert(1)</script>尽快处理"
    if t < 0.11:
        return f"={text}"
    if t < 0.115:
        return f"{text},固话0514-8{int(rng.integers(10**6)):06d}0"
    if t < 0.12:
        return f'{text},客户原话"再不处理就投诉到工信部",并要求书面答复'
    return f"{text},要求尽快处理"
