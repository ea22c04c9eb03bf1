"""The three cases of 2024, written out day by day. People are pseudonyms; nothing here is drawn."""

from __future__ import annotations

from typing import Any

from etl.demo import names
from etl.demo.city import City
from etl.demo.clock import at
from etl.demo.plant import Plant, Step, Truth

ZHANG, ZHANG_EXTERNAL = "YZ20240803900001", "YZ20240816900002"
WANG = "YZ20240914900001"
WANG_NEIGHBOURS = ("YZ20240911900002", "YZ20240916900003")
LI = ("YZ20241008900001", "YZ20241011900002", "YZ20241015900003", "YZ20241018900004")


def _steps(lines: str) -> list[Step]:
    """Parse `2024-08-03 09:42 | ACP | CARE | note`; a `-` after the code marks a step without substance."""
    steps = []
    for line in lines.strip().splitlines():
        when, op, to, note = (part.strip() for part in line.split("|"))
        steps.append(Step(at(when), op.removesuffix("-"), to, note, substantive=not op.endswith("-")))
    return steps


def hall_of_wang(city: City) -> int:
    """The hall of Ms Wang's case: the one in 邗上街道."""
    return city.halls.names.index("邗上街道营业厅")


def golden_plants(city: City) -> list[Plant]:
    return [*_zhang(), *_wang(city), *_li()]


def _zhang() -> list[Plant]:
    cause = ("计费原因", "系统升级", "升级数据错误")
    first = Plant(
        tag="golden_zhang", when=at("2024-08-03 09:42:10"), subtype="计费不准确", third="通话计费错误",
        ticket_id=ZHANG, customer="zhang", channel="10086热线", district=2, dept="BIL", priority=1,
        solved=True, answer=2,
        tendency="其他升级倾向", urges=3, compensation=48.60, promise_due=at("2024-08-22 18:00"), cause=cause,
        text="张女士(化名)反映本月话费比平时多约50元,通话费和短信费异常,账单中有不明通话短信记录,要求核实并退费",
        steps=_steps("""
            2024-08-03 09:42:10 | ACP | CARE | 10086热线受理
            2024-08-03 09:46:20 | REG | CARE | 登记诉求
            2024-08-03 09:49:05 | CLS | CARE | 分类:资费套餐/计费不准确
            2024-08-03 09:55:30 | DSP | BIL | 派计费中心
            2024-08-05 09:12:00 | ACC | BIL | 签收
            2024-08-05 10:31:00 | FRS- | BIL | 已受理,正在核实
            2024-08-06 11:05:00 | URGE- | BIL | 客户催办
            2024-08-06 16:40:00 | PROGRESS- | BIL | 处理中
            2024-08-09 10:22:00 | URGE- | BIL | 客户催办
            2024-08-09 17:10:00 | PROGRESS- | BIL | 处理中
            2024-08-13 09:50:00 | URGE- | BIL | 客户催办
            2024-08-13 17:35:00 | PROGRESS- | BIL | 处理中
            2024-08-16 10:20:00 | EXTERNAL | BIL | 消费者协会转来,关联工单YZ20240816900002
            2024-08-16 10:45:00 | ESCALATE | SUPV | 升级专项小组督办
            2024-08-18 15:20:00 | INV | BIL | 查明原因:7月28日计费系统升级造成话单数据错误
            2024-08-19 09:30:00 | PLN | BIL | 方案:修复系统、更正账单、全额退费
            2024-08-19 14:05:00 | COMPENSATE | BIL | 退费48.60元,赠送内容源文未给
            2024-08-19 16:00:00 | RES | BIL | 账单已更正
            2024-08-21 10:15:00 | FBK | CARE | 反馈处理结果
            2024-08-21 10:20:00 | SAT | CARE | 客户满意
            2024-08-21 17:00:00 | ARC | CARE | 归档
        """),
    )  # fmt: skip
    external = Plant(
        tag="golden_zhang", when=at("2024-08-16 10:12:00"), subtype="计费不准确", third="通话计费错误",
        ticket_id=ZHANG_EXTERNAL, customer="zhang", channel="消费者协会", district=2, dept="BIL",
        priority=0, reason=2,
        solved=True, answer=2, compensation=48.60, promise_due=at("2024-08-22 18:00"), cause=cause,
        text="消费者协会转办:张女士(化名)多次催办计费差错仅答复处理中,要求退费并说明原因",
        steps=_steps("""
            2024-08-16 10:12:00 | ACP | CARE | 消费者协会来函
            2024-08-16 10:15:00 | REG | CARE | 登记诉求
            2024-08-16 10:18:00 | CLS | CARE | 分类:资费套餐/计费不准确
            2024-08-16 10:24:00 | DSP | BIL | 派计费中心,专项小组督办
            2024-08-16 10:40:00 | ACC | BIL | 签收
            2024-08-16 11:05:00 | FRS | BIL | 专人联系客户致歉
            2024-08-18 15:20:00 | INV | BIL | 查明原因:7月28日计费系统升级造成话单数据错误
            2024-08-19 09:30:00 | PLN | BIL | 全额退费并更正账单
            2024-08-19 14:05:00 | COMPENSATE | BIL | 退费48.60元
            2024-08-19 16:00:00 | RES | BIL | 系统修复
            2024-08-21 10:15:00 | FBK | CARE | 反馈处理结果
            2024-08-21 10:20:00 | SAT | CARE | 客户满意
            2024-08-21 17:00:00 | ARC | CARE | 归档,纳入案例
        """),
    )  # fmt: skip
    return [first, external]


def _wang(city: City) -> list[Plant]:
    hall = hall_of_wang(city)
    cause = ("人员原因", "服务意识", "培训监督不足")
    main = Plant(
        tag="golden_wang", when=at("2024-09-14 16:05:00"), subtype="营业厅态度差/顶撞", third="营业员顶撞",
        ticket_id=WANG, customer="wang", channel="10086热线", hall=hall, dept="HALLMGT", priority=0, reason=2,
        solved=True, answer=2, tendency="曝光倾向", cause=cause,
        text="王女士(化名)今日到营业厅办理改低档套餐,营业员态度恶劣并顶撞,要求处理当事人并道歉",
        steps=_steps("""
            2024-09-14 16:05:00 | ACP | CARE | 10086热线受理
            2024-09-14 16:08:00 | REG | CARE | 登记诉求
            2024-09-14 16:10:00 | CLS | CARE | 分类:服务质量/营业厅态度差
            2024-09-14 16:14:00 | DSP | HALLMGT | 派营业厅管理部
            2024-09-14 16:40:00 | ACC | HALLMGT | 签收
            2024-09-14 17:20:00 | FRS | HALLMGT | 联系客户了解经过
            2024-09-15 10:00:00 | INV | HALLMGT | 调取厅内录像
            2024-09-18 09:00:00 | PLN | HALLMGT | 批评当事人,全厅培训一周(09-18至09-24)
            2024-09-18 10:30:00 | PROGRESS | HALLMGT | 厅经理当面道歉
            2024-09-24 17:30:00 | RES | HALLMGT | 培训完成,设意见箱、投诉热线,落实首问负责制
            2024-09-26 10:10:00 | FBK | CARE | 反馈处理结果
            2024-09-26 10:15:00 | SAT | CARE | 回访满意
            2024-09-26 17:00:00 | ARC | CARE | 归档,纳入案例
        """),
    )  # fmt: skip
    others = [
        Plant(
            tag="golden_wang", when=at(when), subtype="营业厅态度差/顶撞", third="营业员态度差",
            ticket_id=ticket,
            channel=channel, hall=hall, dept="HALLMGT", priority=1, hours=hours, solved=True, urges=0,
        )
        for ticket, when, channel, hours in (
            (WANG_NEIGHBOURS[0], "2024-09-11 10:35:00", "线下营业厅", 26.0),
            (WANG_NEIGHBOURS[1], "2024-09-16 14:20:00", "10086热线", 30.0),
        )
    ]  # fmt: skip
    return [main, *others]


def _li() -> list[Plant]:
    recorded = ("网络原因", "未查", "仅记录")
    cause = ("网络原因", "覆盖不足", "站点缺失")
    common: dict[str, Any] = {
        "subtype": "信号弱/无服务",
        "third": "室内信号弱",
        "customer": "li",
        "estate": names.NEW_ESTATE,
    }
    text = "李先生(化名)反映新建小区内手机信号弱,电话、上网、短信都受影响,视频会议和孩子网课无法进行"
    first = Plant(
        tag="golden_li", when=at("2024-10-08 19:25:00"), ticket_id=LI[0], channel="10086热线", dept="NET",
        priority=2, solved=False, text=text, cause=recorded, **common,
        steps=_steps("""
            2024-10-08 19:25:00 | ACP | CARE | 10086热线受理
            2024-10-08 19:28:00 | REG | CARE | 登记诉求
            2024-10-08 19:31:00 | CLS | CARE | 分类:网络质量/信号弱
            2024-10-08 19:35:00 | DSP | NET | 派网络优化部
            2024-10-09 09:05:00 | ACC | NET | 签收
            2024-10-09 16:40:00 | RES- | NET | 已记录
            2024-10-09 17:00:00 | FBK- | CARE | 告知客户已记录
            2024-10-09 18:00:00 | ARC | CARE | 归档
        """),
    )  # fmt: skip
    second = Plant(
        tag="golden_li", when=at("2024-10-11 20:02:00"), ticket_id=LI[1], channel="10086热线", dept="NET",
        priority=1, solved=False, text=text + ",此前投诉只记录未处理", cause=recorded,
        tendency="其他升级倾向", **common,
        steps=_steps("""
            2024-10-11 20:02:00 | ACP | CARE | 10086热线受理
            2024-10-11 20:05:00 | REG | CARE | 登记诉求
            2024-10-11 20:07:00 | CLS | CARE | 分类:网络质量/信号弱
            2024-10-11 20:11:00 | DSP | NET | 派网络优化部
            2024-10-12 09:20:00 | ACC | NET | 签收
            2024-10-12 10:10:00 | PROGRESS- | NET | 处理中
            2024-10-13 11:30:00 | RES- | NET | 已记录
            2024-10-13 11:45:00 | FBK- | CARE | 告知客户已记录
            2024-10-13 17:00:00 | ARC | CARE | 归档
        """),
    )  # fmt: skip
    third = Plant(
        tag="golden_li", when=at("2024-10-15 19:48:00"), ticket_id=LI[2], channel="手机APP", dept="NET",
        priority=1, solved=True, answer=2, text=text + ",第三次投诉,将向平台曝光", cause=cause,
        tendency="曝光倾向", urges=1, **common,
        steps=_steps("""
            2024-10-15 19:48:00 | ACP | CARE | 手机APP受理
            2024-10-15 19:51:00 | REG | CARE | 登记诉求
            2024-10-15 19:53:00 | CLS | CARE | 分类:网络质量/信号弱
            2024-10-15 19:58:00 | DSP | NET | 派网络优化部
            2024-10-16 09:15:00 | ACC | NET | 签收
            2024-10-16 15:30:00 | FRS- | NET | 已受理,等待排查
            2024-10-17 20:10:00 | URGE- | NET | 客户催办
            2024-10-18 09:40:00 | EXTERNAL | NET | 黑猫投诉,关联工单YZ20241018900004
            2024-10-18 14:30:00 | INV | NET | 现场勘测:周边站点少,部分设备老旧
            2024-10-19 10:00:00 | PLN | NET | 方案:参数优化先行,新增两个基站
            2024-10-19 16:20:00 | PROGRESS | NET | 临时措施完成:邻站参数调整
            2024-10-29 18:00:00 | RES | NET | 两个新站开通
            2024-10-31 10:30:00 | FBK | CARE | 反馈处理结果
            2024-10-31 10:35:00 | SAT | CARE | 客户满意
            2024-10-31 17:00:00 | ARC | CARE | 归档,纳入案例
        """),
    )  # fmt: skip
    external = Plant(
        tag="golden_li", when=at("2024-10-18 09:30:00"), ticket_id=LI[3], channel="黑猫投诉", dept="NET",
        priority=0, reason=2, solved=True, answer=2, text="黑猫投诉转办:" + text + ",多次投诉无人处理",
        cause=cause,
        **common,
        steps=_steps("""
            2024-10-18 09:30:00 | ACP | CARE | 黑猫投诉平台转入
            2024-10-18 09:33:00 | REG | CARE | 登记诉求
            2024-10-18 09:35:00 | CLS | CARE | 分类:网络质量/信号弱
            2024-10-18 09:39:00 | DSP | NET | 派网络优化部,专项小组督办
            2024-10-18 09:50:00 | ACC | NET | 签收
            2024-10-18 10:05:00 | FRS | NET | 专人联系客户
            2024-10-18 14:30:00 | INV | NET | 现场勘测
            2024-10-19 10:00:00 | PLN | NET | 参数优化先行,新增两个基站,客户认可计划
            2024-10-19 16:20:00 | PROGRESS | NET | 临时措施完成:邻站参数调整
            2024-10-29 18:00:00 | RES | NET | 两个新站开通,设备升级
            2024-10-31 10:30:00 | FBK | CARE | 反馈处理结果
            2024-10-31 10:40:00 | SAT | CARE | 客户满意
            2024-10-31 17:00:00 | ARC | CARE | 归档
        """),
    )  # fmt: skip
    return [first, second, third, external]


def golden_truth() -> list[Truth]:
    return [
        Truth("G-ZHANG", "golden_case", "RS02;RS03;RS08;RC06;RC05;RC07;RX01", f"ticket:{ZHANG}",
              "2024-08-03", "2024-08-21", f"计费升级后差错;消协工单{ZHANG_EXTERNAL};退费48.60元"),
        Truth("G-WANG", "golden_case", "RC08", f"ticket:{WANG}", "2024-09-14", "2024-09-26",
              "营业厅顶撞,同厅7日内3件;09-14为调休上班日"),
        Truth("G-LI", "golden_case", "RN02;RC04;RC06;RC05;RC03", f"ticket:{LI[0]}", "2024-10-08",
         "2024-10-31",
              f"三次投诉后黑猫{LI[3]};10-19临时措施,10-29两站开通"),
    ]  # fmt: skip
