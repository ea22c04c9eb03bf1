"""Eight exports by which `infer` was found wanting: hours beside another day, logs without a named ticket, single
figures without a scope, levels of types, cells without a header, marks without an answer, instants in milliseconds."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, mobile, text


def hour_of_the_first_day() -> Sample:
    """The hour stands right behind the day of filing; the operator is no status; the answer has a day only."""
    rng = Random(601)
    rows: Rows = [["Nº Solicitação", "Data Criação", "Hora", "Prestadora", "Município", "UF", "Assunto",
        "Canal Entrada", "Data Resposta", "Latitude", "Longitude"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=9), rng)):
        rows.append([
            2025000 + i, f"{at:%d/%m/%Y}", f"{at:%H:%M}", "OPERADORA X", rng.choice(["Goiânia", "Belém"]), "GO",
            rng.choice(["Cobrança", "Cancelamento"]), rng.choice(["Call Center", "Aplicativo"]),
            f"{at + timedelta(days=1 + i % 9):%d/%m/%Y}", f"-23,5{i:03d}", f"-46,6{i:03d}",
        ])  # fmt: skip
    return Sample(
        "solicitacoes.csv", text(rows, ";", "latin-1"), "ticket",
        {"ticket_id": "Nº Solicitação", "accepted_at": ["Data Criação", "Hora"], "region_code": "Município",
            "type_code": "Assunto", "channel_code": "Canal Entrada", "feedback_at": "Data Resposta",
            "lat": "Latitude", "lon": "Longitude"},
    )  # fmt: skip


def log_of_work() -> Sample:
    rng = Random(602)
    rows: Rows = [["work_no", "环节名称", "处理部门", "处理人工号", "到达时间", "离开时间", "处理意见"]]
    for i, at in enumerate(days(40, timedelta(hours=5), rng)):
        for k, step in enumerate(("受理", "派单", "处理", "回复")):
            rows.append([
                f"KF{i:06d}", step, rng.choice(["客服中心", "网络部"]), f"G{rng.randrange(100):03d}",
                f"{at + timedelta(hours=k):%Y-%m-%d %H:%M:%S}", f"{at + timedelta(hours=k + 1):%Y-%m-%d %H:%M:%S}",
                f"已{step}",
            ])  # fmt: skip
    return Sample(
        "工单轨迹.txt", text(rows, "\t", "gb18030"), "ticket_event",
        {"ticket_id": "work_no", "event": "环节名称", "to_dept": "处理部门", "staff_key": "处理人工号",
            "event_at": "到达时间", "note_scrubbed": "处理意见"},
    )  # fmt: skip


def cells_in_an_hour() -> Sample:
    rng = Random(603)
    rows: Rows = [["Date/Time", "eNodeB Name", "Cell Name", "RRC Attempts", "RRC Success Rate", "DL Traffic (GB)",
        "UE Count", "Drop Rate"]]  # fmt: skip
    for i in range(150):
        at = datetime(2025, 3, 20) + timedelta(hours=i // 5)
        rows.append([
            f"{at:%m/%d/%Y %I:%M:%S %p}", f"SITE_{i % 5}", f"SITE_{i % 5}_1", f"{rng.randrange(1000, 90000):,}",
            f"{95 + 5 * rng.random():.2f}%", f"{9 * rng.random():.3f}", "NIL" if i % 17 == 0 else rng.randrange(400),
            f"{rng.random():.2f}%",
        ])  # fmt: skip
    return Sample(
        "PM_hourly_export.csv", text(rows, encoding="utf-16"), "kpi_value",
        {"scope_id": "Cell Name", "period_start": "Date/Time", "kpi_code": "kpi_name", "value": "kpi_value"},
        sources={"scope_kind": {"const": "cell"}, "value": {"unit": "percent"}},
    )  # fmt: skip


def answer_of_a_service() -> Sample:
    rng = Random(604)
    rows = [{
        "ticketId": f"T-{i}", "createdAt": f"{at:%Y-%m-%dT%H:%M:%S}+01:00",
        "customer": {"phone": mobile(i), "level": rng.choice(["gold", "std"])},
        "category": {"l1": rng.choice(["Network", "Billing"]), "l2": rng.choice(["No signal", "Overcharge"])},
        "geo": {"lat": 53.2 + rng.random() / 10, "lon": -6.3 + rng.random() / 10},
        "closedAt": f"{at + timedelta(hours=30):%Y-%m-%dT%H:%M:%S}+01:00",
    } for i, at in enumerate(days(60, timedelta(hours=3), rng))]  # fmt: skip
    return Sample(
        "api_dump.json", json.dumps({"status": "ok", "data": rows}).encode(), "ticket",
        {"ticket_id": "ticketId", "accepted_at": "createdAt", "cust_key": "customer.phone",
            "type_code": "category.l2", "type_detail": "category.l1", "lat": "geo.lat", "lon": "geo.lon",
            "archived_at": "closedAt"},
    )  # fmt: skip


def cells_without_a_header() -> Sample:
    rng = Random(605)
    rows: Rows = []
    for i in range(60):
        rows.append([
            f"460-00-{1000 + i // 3}-{i % 3}", f"某站{i // 3}_{i % 3}", f"{119.3 + rng.random() / 5:.6f}",
            f"{32.3 + rng.random() / 5:.6f}", rng.choice([0, 120, 240]), rng.choice(["1800", "2600", "700"]),
            rng.choice(["LTE", "NR"]),
        ])  # fmt: skip
    return Sample(
        "cellbase.dat", text(rows, "|"), "cell",
        {"cell_id": "column1", "cell_name": "column2", "lon": "column3", "lat": "column4", "azimuth_deg": "column5",
            "band": "column6", "rat": "column7"},
        decide={"datum_china", "file_day"}, settings={"header": 0, "delimiter": "|"},
    )  # fmt: skip


def marks_without_an_answer() -> Sample:
    rng = Random(606)
    rows: Rows = [["序号", "测评时间", "手机号", "工单编号", "是否接通", "满意度评分", "不满意原因", "地市"]]
    for i, at in enumerate(days(60, timedelta(hours=3), rng)):
        rows.append([
            i + 1, f"{at:%Y%m%d%H%M%S}", mobile(i), f"GZ{i:08d}", rng.choice(["是", "否"]),
            rng.choice(["", "1", "8", "9", "10"]), rng.choice(["", "处理慢"]), "某市",
        ])  # fmt: skip
    return Sample(
        "测评回访2025Q1.csv.gz", gzip.compress(text(rows, encoding="utf-8-sig")), "satisfaction",
        {"ticket_id": "工单编号", "surveyed_at": "测评时间", "answer_code": ["满意度评分", "是否接通"],
            "score_10": "满意度评分", "reason": "不满意原因", "was_reached": "是否接通"},
        decide={"answer_marks"},
    )  # fmt: skip


def counted_instants() -> Sample:
    rng = Random(607)
    lines = []
    for i, at in enumerate(days(60, timedelta(hours=3), rng)):
        opened = int(at.timestamp() * 1000)
        lines.append(json.dumps({
            "id": 1000 + i, "opened_ms": opened, "msisdn": "+86 " + mobile(i),
            "topic": rng.choice(["Coverage", "Bill"]),
            "via": rng.choice(["app", "call"]), "district": rng.choice(["North", "South"]),
            "resolved_ms": opened + rng.randrange(10**8),
        }))  # fmt: skip
    return Sample(
        "complaints.jsonl", "\n".join(lines).encode(), "ticket",
        {"ticket_id": "id", "accepted_at": "opened_ms", "cust_key": "msisdn", "type_code": "topic",
            "channel_code": "via", "region_code": "district", "resolved_at": "resolved_ms"},
    )  # fmt: skip
