"""Answer key of the smaller sources."""

from __future__ import annotations

from etl.demo.plant import Truth


def side_truth() -> list[Truth]:
    rows = [
        ("S-HANDLING-JUL", "biz_drop", "RB01", "op:套餐变更", "2024-07-28", "2024-07-28",
         "升级当日成功率95%"),
        ("S-HANDLING-MAR", "biz_drop", "RB01", "op:套餐变更", "2025-03-26", "2025-03-26", "成功率93%"),
        ("S-MARKET-MAY", "market", "RM01", "city", "2024-05-15", "2024-06-14", "携出上升70%"),
        ("S-MARKET-MAR", "market", "RM01", "district:321003", "2025-03-18", "2025-03-30", "携出上升55%"),
        ("S-VIRAL", "opinion", "RO01", "topic:计费收费", "2025-03-27 19:35", "2025-03-28 12:00",
         "一条热度48600,负面6条"),
        ("S-NPS", "nps_drop", "RT03", "segment:家庭", "2025-02", "2025-03", "家庭客户NPS下降"),
        ("S-ANSWER", "answer_rate", "RT04", "city", "2025-02-03", "2025-02-09", "春节周参评率低于20%"),
        ("S-CARE", "care_score", "RP01", "town:东关街道;曹甸镇;界首镇", "2025-03-24", "2025-03-30",
         "体验差用户数上升"),
        ("S-BILLS", "bill_errors", "", "month:202408", "2024-07-01", "2024-08-31", "账单差错率上升"),
        ("S-TRAINING", "training", "", "hall:邗上街道营业厅", "2024-09-18", "2024-09-24", "整厅培训一周"),
        ("D-UNMAPPED", "data_quality", "RD02", "file:投诉工单_202407_类型旧名.csv", "2024-07-01", "",
         "未映射类型超过1%"),
        ("D-POLICY", "config_change", "RD03", "policy:CITY-2025", "2025-01-01", "", "时限制度切换"),
    ]  # fmt: skip
    return [Truth(*row) for row in rows]
