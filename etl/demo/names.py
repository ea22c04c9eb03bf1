"""What the demo operator's systems print: types, channels, departments, places, people groups.

No randomness and no file layout belong here. Coordinates are WGS-84 and approximate, for the demo only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

CITY_CODE = 321000
DISTRICTS: dict[int, str] = {
    321003: "邗江区",
    321002: "广陵区",
    321012: "江都区",
    321084: "高邮市",
    321023: "宝应县",
    321081: "仪征市",
    321071: "扬州经济技术开发区",
}
DISTRICT_CODES = tuple(DISTRICTS)
DISTRICT_NAMES = tuple(DISTRICTS.values())
ALL_WEIGHTS = (26, 20, 18, 12, 11, 9, 4)
NET_WEIGHTS = (24, 18, 17, 14, 14, 9, 4)

# name, longitude, latitude; the first entries of a district are its urban streets.
_TOWNS: dict[int, list[tuple[str, float, float]]] = {
    321003: [
        ("邗上街道", 119.405, 32.385), ("新盛街道", 119.370, 32.385), ("双桥街道", 119.412, 32.400),
        ("蒋王街道", 119.355, 32.368), ("汊河街道", 119.370, 32.345), ("瘦西湖街道", 119.420, 32.420),
        ("西湖街道", 119.375, 32.420), ("瓜洲镇", 119.380, 32.260), ("公道镇", 119.400, 32.660),
        ("方巷镇", 119.440, 32.550), ("槐泗镇", 119.420, 32.470), ("甘泉街道", 119.350, 32.480),
        ("杨寿镇", 119.300, 32.530), ("杨庙镇", 119.320, 32.420),
    ],
    321002: [
        ("东关街道", 119.447, 32.398), ("汶河街道", 119.433, 32.396), ("文峰街道", 119.446, 32.378),
        ("曲江街道", 119.468, 32.402), ("湾头镇", 119.492, 32.418), ("汤汪乡", 119.458, 32.372),
        ("李典镇", 119.530, 32.300), ("头桥镇", 119.600, 32.270), ("沙头镇", 119.490, 32.300),
        ("杭集镇", 119.540, 32.390), ("泰安镇", 119.520, 32.440),
    ],
    321012: [
        ("仙女镇", 119.565, 32.430), ("邵伯镇", 119.510, 32.530), ("大桥镇", 119.700, 32.330),
        ("丁沟镇", 119.700, 32.570), ("小纪镇", 119.780, 32.640), ("真武镇", 119.600, 32.580),
        ("宜陵镇", 119.700, 32.470), ("浦头镇", 119.780, 32.370), ("吴桥镇", 119.740, 32.410),
        ("樊川镇", 119.680, 32.660),
    ],
    321084: [
        ("高邮街道", 119.445, 32.785), ("马棚街道", 119.460, 32.840), ("菱塘回族乡", 119.260, 32.700),
        ("送桥镇", 119.300, 32.650), ("三垛镇", 119.620, 32.800), ("临泽镇", 119.620, 32.980),
        ("界首镇", 119.440, 33.010), ("卸甲镇", 119.530, 32.740), ("汤庄镇", 119.690, 32.760),
        ("甘垛镇", 119.720, 32.870), ("周山镇", 119.540, 32.940), ("龙虬镇", 119.530, 32.830),
    ],
    321023: [
        ("安宜镇", 119.360, 33.240), ("氾水镇", 119.410, 33.110), ("曹甸镇", 119.530, 33.300),
        ("射阳湖镇", 119.600, 33.330), ("夏集镇", 119.540, 33.120), ("泾河镇", 119.280, 33.330),
        ("柳堡镇", 119.530, 33.070), ("小官庄镇", 119.450, 33.190), ("望直港镇", 119.450, 33.280),
        ("西安丰镇", 119.500, 33.370),
    ],
    321081: [
        ("真州镇", 119.180, 32.270), ("新城镇", 119.240, 32.280), ("青山镇", 119.100, 32.260),
        ("大仪镇", 119.180, 32.500), ("陈集镇", 119.170, 32.420), ("马集镇", 119.140, 32.370),
        ("刘集镇", 119.240, 32.380), ("新集镇", 119.290, 32.340), ("月塘镇", 119.080, 32.420),
    ],
    321071: [
        ("扬子津街道", 119.410, 32.335), ("文汇街道", 119.420, 32.365), ("施桥镇", 119.460, 32.315),
        ("八里镇", 119.430, 32.285), ("朴席镇", 119.345, 32.290),
    ],
}  # fmt: skip
URBAN_STREETS = {321003: 7, 321002: 4, 321012: 1, 321084: 2, 321023: 1, 321081: 1, 321071: 2}


class TownRow(NamedTuple):
    name: str
    lon: float
    lat: float
    district: int  # index into DISTRICT_CODES
    urban: bool
    weight: float  # share of people inside the district


def _towns() -> tuple[TownRow, ...]:
    rows = []
    for d, code in enumerate(DISTRICT_CODES):
        entries = _TOWNS[code]
        urban = URBAN_STREETS[code]
        heavy = {1: 9.0, 2: 4.5}.get(urban, 2.6)
        raw = [heavy if i < urban else 1.0 for i in range(len(entries))]
        rows += [TownRow(name, lon, lat, d, i < urban, raw[i] / sum(raw)) for i, (name, lon, lat) in enumerate(entries)]
    return tuple(rows)


TOWNS = _towns()


class Place(NamedTuple):
    name: str
    scene: str
    lon: float
    lat: float
    town: str
    radius_m: float
    net_share: float  # share of all network complaints of its district that fall here
    sites: int
    nr_sites: int  # of the sites, how many also carry 5G


PLACES: tuple[Place, ...] = (
    Place("文昌阁商圈", "商圈", 119.433, 32.395, "汶河街道", 260, 0.10, 4, 4),
    Place("京华城商圈", "商圈", 119.375, 32.389, "新盛街道", 280, 0.08, 4, 3),
    Place("四季园小区", "老旧小区", 119.450, 32.407, "东关街道", 180, 0.08, 3, 2),
    Place("康乐小区", "老旧小区", 119.440, 32.402, "东关街道", 160, 0.08, 2, 1),
    Place("邗江新建小区", "新建小区", 119.370, 32.360, "蒋王街道", 200, 0.004, 5, 0),
    Place("曹甸乡村", "偏远农村", 119.550, 33.300, "曹甸镇", 900, 0.13, 6, 0),
    Place("界首乡镇", "偏远农村", 119.440, 33.010, "界首镇", 900, 0.12, 6, 0),
)
WENCHANG, JINGHUA, SIJIYUAN, KANGLE, NEW_ESTATE, CAODIAN, JIESHOU = range(7)
NEW_SITES = 2
"""The last sites of the new estate, on air from 2024-10-29."""

TYPES = ("网络质量", "服务质量", "资费套餐", "业务办理", "终端设备")
TYPE_SHARES = (35, 25, 20, 15, 5)
NET, SVC, TAR, BIZ, TRM = range(5)


class Subtype(NamedTuple):
    l1: int
    name: str
    share: float  # inside its level 1
    thirds: tuple[str, ...]
    dept: str
    edge: float  # factor on the first and last three days of a month


SUBTYPES: tuple[Subtype, ...] = (
    Subtype(NET, "信号弱/无服务", 34, ("室内信号弱", "室外信号弱", "无服务", "电梯车库无信号"), "NET", 1.0),
    Subtype(NET, "网速慢", 22, ("4G网速慢", "5G网速慢", "晚间网速慢"), "NET", 1.0),
    Subtype(NET, "掉线/通话中断", 13, ("通话掉线", "数据掉线"), "NET", 1.0),
    Subtype(NET, "网络拥堵", 12, ("商圈拥堵", "景区拥堵", "校园拥堵"), "NET", 1.0),
    Subtype(NET, "视频卡顿", 11, ("视频会议卡顿", "短视频卡顿"), "NET", 1.0),
    Subtype(NET, "无法通话/收不到短信", 6, ("无法拨打", "收不到短信"), "NET", 1.0),
    Subtype(NET, "大面积中断", 2, ("片区无信号",), "NETMAINT", 1.0),
    Subtype(SVC, "客服态度差", 22, ("热线态度差", "在线客服态度差"), "CARE", 1.0),
    Subtype(SVC, "营业厅态度差/顶撞", 18, ("营业员态度差", "营业员顶撞"), "HALLMGT", 1.0),
    Subtype(SVC, "服务不及时/等待久", 26, ("热线等待久", "营业厅排队久", "上门不及时"), "CARE", 1.1),
    Subtype(SVC, "解决问题能力不足", 19, ("未能解决", "反复解释"), "CARE", 1.0),
    Subtype(SVC, "解答不准确", 15, ("资费解释错误", "业务规则解释错误"), "CARE", 1.0),
    Subtype(TAR, "资费过高/结构复杂", 22, ("资费过高", "套餐看不懂"), "MKT", 1.3),
    Subtype(TAR, "计费不准确", 26, ("流量计费错误", "通话计费错误", "短信计费错误"), "BIL", 1.8),
    Subtype(TAR, "套餐变更不合理/手续繁", 22, ("变更受限", "变更手续繁"), "MKT", 1.8),
    Subtype(TAR, "不明通话短信记录", 8, ("不明通话", "不明短信"), "BIL", 1.8),
    Subtype(TAR, "流量异常消耗", 12, ("后台耗流量", "夜间耗流量"), "BIL", 1.3),
    Subtype(TAR, "退费", 10, ("退费慢", "退费争议"), "BIL", 1.3),
    Subtype(BIZ, "流程繁琐", 30, ("材料多", "多次往返"), "MKT", 1.3),
    Subtype(BIZ, "办理错误", 25, ("业务类型办错", "套餐办错"), "MKT", 1.3),
    Subtype(BIZ, "未按承诺办理/优惠未兑现", 27, ("优惠未兑现", "未按约办理"), "MKT", 1.3),
    Subtype(BIZ, "宽带办理", 18, ("宽带装机慢", "宽带移机"), "PARTNER", 1.3),
    Subtype(TRM, "手机故障", 35, ("无法开机", "充电故障"), "MKT", 1.0),
    Subtype(TRM, "移动宽带设备故障", 25, ("光猫故障", "路由器故障"), "PARTNER", 1.0),
    Subtype(TRM, "质量问题", 25, ("屏幕质量", "电池质量"), "MKT", 1.0),
    Subtype(TRM, "不会使用", 15, ("设置不会用", "应用不会用"), "CARE", 1.0),
)
SUBTYPE_L1 = np.array([s.l1 for s in SUBTYPES])
SUBTYPE_OF = {s.name: i for i, s in enumerate(SUBTYPES)}

MAIN, SOCIAL, EXTERNAL = "main", "social", "external"
CHANNELS: tuple[tuple[str, str], ...] = (
    ("10086热线", MAIN), ("网上营业厅", MAIN), ("手机APP", MAIN), ("线下营业厅", MAIN),
    ("微信公众号", SOCIAL), ("微博", SOCIAL), ("电子邮件", SOCIAL), ("意见箱", SOCIAL), ("短信", SOCIAL),
    ("在线客服", SOCIAL),
    ("黑猫投诉", EXTERNAL), ("消费者协会", EXTERNAL), ("工信部申诉", EXTERNAL), ("媒体", EXTERNAL),
    ("12345政务热线", EXTERNAL),
    ("10080监督热线", EXTERNAL),
)  # fmt: skip
CHANNEL_NAMES = tuple(c[0] for c in CHANNELS)
CHANNEL_OF = {name: i for i, name in enumerate(CHANNEL_NAMES)}
HOTLINE, WEB, APP, HALL = range(4)
HEIMAO, CONSUMER, MIIT, MEDIA, GOV12345, SUPERVISION = range(10, 16)
AGES = ("青年", "中年", "老年")
AGE_SHARES = (0.35, 0.45, 0.20)
AGE_CHANNEL = ((22, 40, 33, 5), (42.4, 32, 17, 8.6), (66, 8, 4, 22))

DEPARTMENTS: dict[str, str] = {
    "CARE": "客服管理部", "NET": "网络优化部", "NETMAINT": "区域网络维护部", "BIL": "计费中心",
    "MKT": "市场部",
    "HALLMGT": "营业厅管理部", "HR": "人力资源部", "TECH": "技术支撑部", "PARTNER": "合作商",
    "SUPV": "投诉监督小组",
}  # fmt: skip
DEPT_CODES = tuple(DEPARTMENTS)
DEPT_NAMES = tuple(DEPARTMENTS.values())
DEPT_OF = {code: i for i, code in enumerate(DEPT_CODES)}
GAP_DEPTS = ("NET", "NETMAINT", "BIL", "MKT", "TECH", "HR", "PARTNER")
"""Departments that nearly stop on non-working days; care and halls work through."""

PRIORITIES = ("紧急", "重要", "一般")
REASONS = ("", "U1客户重大利益", "U2舆情风险", "U3业务中断或片区故障", "U4信息安全", "U5无法拨打紧急电话")
PACKAGES: tuple[tuple[str, int, str, float], ...] = (
    ("PK018 8元保号套餐", 8, "2016-05-01", 0.14), ("PK038 轻享38元", 38, "2019-06-01", 0.22),
    ("PK059 畅享59元", 59, "2020-01-01", 0.24), ("PK098 5G畅享98元", 98, "2021-03-01", 0.18),
    ("PK128 5G智享128元", 128, "2021-03-01", 0.10), ("PK199 家庭融合199元", 199, "2022-07-01", 0.08),
    ("PK079 5G惠享79元", 79, "2024-03-01", 0.04),
)  # fmt: skip
TERMINALS: tuple[tuple[str, bool, float], ...] = (
    ("终端A-5G旗舰", True, 0.20), ("终端B-5G中端", True, 0.22), ("终端C-4G", False, 0.16),
    ("终端D-5G入门", True, 0.18), ("终端E-老人机", False, 0.08), ("终端F-5G折叠", True, 0.06), ("终端G-4G",
     False, 0.10),
)  # fmt: skip
SYMPTOMATIC_TERMINAL = 3
"""Terminal model with a planted excess of stuttering-video complaints."""
