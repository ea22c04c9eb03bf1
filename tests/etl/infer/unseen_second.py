"""A second lot of unseen files, written after `infer` was mended by the first one; all made up."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, text, workbook


def brazilian_protocols() -> Sample:
    """Portuguese headers, day first, day and hour apart, semicolons, Latin-1."""
    rng = Random(301)
    rows: Rows = [["Protocolo", "Data de abertura", "Hora de abertura", "Canal", "Motivo", "Bairro", "Situação",
        "Data de encerramento"]]  # fmt: skip
    for i, at in enumerate(days(50, timedelta(hours=15), rng)):
        rows.append([
            f"{2025000000 + i}", f"{at:%d/%m/%Y}", f"{at:%H:%M}", rng.choice(["Telefone", "Aplicativo"]),
            rng.choice(["Sem sinal", "Cobrança indevida"]), rng.choice(["Centro", "Norte"]),
            rng.choice(["Encerrado", "Aberto"]), f"{at + timedelta(days=2):%d/%m/%Y}",
        ])  # fmt: skip
    return Sample(
        "reclamacoes_marco.csv", text(rows, ";", "latin-1"), "ticket",
        {"ticket_id": "Protocolo", "accepted_at": ["Data de abertura", "Hora de abertura"], "channel_code": "Canal",
            "type_code": "Motivo", "region_code": "Bairro", "status": "Situação", "is_solved": "Situação",
            "archived_at": "Data de encerramento"},
        formats={"accepted_at": ["%d/%m/%Y %H:%M"]}, settings={"delimiter": ";"},
    )  # fmt: skip


def hours_in_two_columns() -> Sample:
    """Hourly counters: date and hour apart, node and cell apart, units in brackets below, two title lines."""
    rng = Random(302)
    rows: Rows = [
        ["Date", "Hour", "eNB ID", "Cell ID", "RRC Attempts", "RRC Successes", "DL Volume", "UL Volume", "Max Users"],
        ["", "", "", "", "[#]", "[#]", "[GB]", "[MB]", ""],
    ]
    for hour in range(72):
        at = datetime(2025, 3, 20) + timedelta(hours=hour)
        for cell in (1, 2, 3):
            rows.append([
                f"{at:%d.%m.%Y}", at.hour, 51234, cell, 300 + rng.randrange(50), 290 + rng.randrange(9),
                f"{rng.random() * 3:.3f}", f"{rng.random() * 300:.1f}", rng.randrange(80),
            ])  # fmt: skip
    return Sample(
        "hourly_counters_export.csv", text(rows, ";", title=("Hourly counters;;;;;;;;", "exported by pm;;;;;;;;")),
        "cell_kpi_1h",
        {"cell_id": ["eNB ID", "Cell ID"], "period_start": ["Date", "Hour"], "rrc_att": "RRC Attempts",
            "rrc_succ": "RRC Successes", "vol_dl_mb": "DL Volume", "vol_ul_mb": "UL Volume", "rrc_max": "Max Users"},
        formats={"period_start": ["%d.%m.%Y %H"]}, settings={"delimiter": ";"},
        sources={"vol_dl_mb": {"factor": 1024.0}},
    )  # fmt: skip


def nr_parameters() -> Sample:
    """5G parameters in a workbook: gNodeB and local cell apart, degrees with a sign, units below."""
    rng = Random(303)
    rows: Rows = [
        [
            "gNodeB标识",
            "小区编号",
            "小区中文名",
            "天线经度",
            "天线纬度",
            "方位角",
            "天线挂高",
            "频段",
            "厂家",
            "所属区县",
            "开通日期",
        ],
        ["", "", "", "(度)", "(度)", "(度)", "(米)", "", "", "", ""],
    ]
    for i in range(60):
        rows.append([
            900000 + i // 3, i % 3 + 1, f"某路{i // 3}号站-{i % 3}", f"{119.4 + rng.random() / 9:.6f}",
            f"{32.4 + rng.random() / 9:.6f}", i % 3 * 120, 25 + rng.randrange(20), "n41", rng.choice(["甲厂", "乙厂"]),
            rng.choice(["甲区", "乙区"]), f"2023年{rng.randrange(1, 13)}月{rng.randrange(1, 28)}日",
        ])  # fmt: skip
    return Sample(
        "5G小区基础信息20250301.xlsx", workbook(rows), "cell",
        {"cell_id": ["gNodeB标识", "小区编号"], "site_id": "gNodeB标识", "cell_name": "小区中文名", "lon": "天线经度",
            "lat": "天线纬度", "azimuth_deg": "方位角", "height_m": "天线挂高", "band": "频段", "vendor": "厂家",
            "region_code": "所属区县", "on_air_on": "开通日期"},
        decide={"datum_china"}, formats={"on_air_on": ["%Y年%m月%d日"]},
    )  # fmt: skip


def callbacks_nested() -> Sample:
    """Callbacks of a contact centre as one JSON object."""
    rng = Random(304)
    rows = []
    for i in range(60):
        at = datetime(2025, 2, 3, 9) + timedelta(hours=5 * i)
        rows.append({"caseNumber": f"K{i:05d}", "surveyedAt": f"{at:%Y-%m-%dT%H:%M:%S}", "surveyMethod": "sms",
            "satisfaction": rng.choice(["satisfied", "neutral", "dissatisfied"]),
            "dissatisfactionReason": rng.choice(["", "slow"])})  # fmt: skip
    return Sample(
        "csat_february.json", json.dumps({"meta": {"n": 60}, "data": {"responses": rows}}).encode(), "satisfaction",
        {"ticket_id": "caseNumber", "surveyed_at": "surveyedAt", "method": "surveyMethod",
            "answer_code": "satisfaction", "reason": "dissatisfactionReason"},
    )  # fmt: skip


def cutovers_tabbed() -> Sample:
    """Changes of a network, UTF-16, tabs, two-digit years, month first by evidence."""
    rng = Random(305)
    rows: Rows = [["CR No", "Change Class", "Domain", "Short Text", "Planned Begin", "Planned Finish",
        "Impacted Region", "Call Centre Informed"]]  # fmt: skip
    for i, at in enumerate(days(40, timedelta(hours=31), rng)):
        rows.append([
            f"CR{i:05d}", rng.choice(["Normal", "Emergency"]), rng.choice(["RAN", "Core", "IP"]),
            f"software upgrade of unit {i}", f"{at:%m/%d/%y %H:%M}", f"{at + timedelta(hours=3):%m/%d/%y %H:%M}",
            rng.choice(["North", "South"]), rng.choice(["Yes", "No"]),
        ])  # fmt: skip
    return Sample(
        "maintenance_windows.tsv", text(rows, "\t", "utf-16"), "change_event",
        {"change_id": "CR No", "kind": "Change Class", "system": "Domain", "title": "Short Text",
            "started_at": "Planned Begin", "ended_at": "Planned Finish", "scope_region": "Impacted Region",
            "briefed_agents": "Call Centre Informed"},
        formats={"started_at": ["%m/%d/%y %H:%M"]}, settings={"delimiter": "\t", "encoding": "utf-16"},
    )  # fmt: skip


def traditional_log() -> Sample:
    """A log in Traditional characters and Big5: day and time of day apart, no numbers, no departments left."""
    rng = Random(306)
    rows: Rows = [["案件編號", "處理日期", "處理時刻", "處理動作", "處理單位", "備註"]]
    for i, at in enumerate(days(35, timedelta(hours=9), rng)):
        for step, action in enumerate(["受理", "派單", "處理", "結案"]):
            moment = at + timedelta(minutes=23 * step)
            rows.append([
                f"TW{i:06d}", f"{moment:%Y/%m/%d}", f"{moment:%H:%M:%S}", action, rng.choice(["客服", "網路"]),
                rng.choice(["已電話聯繫用戶說明處理情形", ""]),
            ])  # fmt: skip
    return Sample(
        "案件處理歷程.csv", text(rows, encoding="big5"), "ticket_event",
        {"ticket_id": "案件編號", "event_at": ["處理日期", "處理時刻"], "event": "處理動作", "to_dept": "處理單位",
            "note_scrubbed": "備註"},
        settings={"encoding": "big5"},
    )  # fmt: skip
