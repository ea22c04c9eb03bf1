"""Complaint tickets in other formats and encodings: JSON, packed files, traditional characters; all made up."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, text
from tests.etl.infer.ticket_samples import us_crm


def json_lines() -> Sample:
    rng, out = Random(23), []
    for i, at in enumerate(days(40, timedelta(hours=15), rng)):
        entry = {"caseId": f"J{i:05d}", "createdAt": f"{at:%Y-%m-%dT%H:%M:%S}Z",
            "contactChannel": rng.choice(["phone", "chat", "web"]),
                 "category": rng.choice(["billing", "network"]), "customerId": f"c-{rng.randrange(10**6):06d}",
                 "description": "It has not worked for a week and nobody calls back"}  # fmt: skip
        out.append(json.dumps(entry))
    return Sample(
        "cases.jsonl", ("\n".join(out) + "\n").encode(), "ticket",
        {"ticket_id": "caseId", "accepted_at": "createdAt", "channel_code": "contactChannel", "type_code": "category",
         "cust_key": "customerId", "summary_scrubbed": "description"},
        formats={"accepted_at": ["iso_offset"]},
    )  # fmt: skip


def json_answer() -> Sample:
    """What a web service answers: rows deep inside one object."""
    plain = json_lines()
    rows = [json.loads(line) for line in plain.content.decode().splitlines()]
    whole = {"code": 0, "data": {"total": len(rows), "errors": [], "items": rows}}
    content = json.dumps(whole, indent=1).encode()
    return Sample(
        "answer.json", content, "ticket", plain.columns, formats=plain.formats, settings={"records": "data.items"}
    )


def traditional() -> Sample:
    rng = Random(30)
    rows: Rows = [["工單編號", "受理時間", "受理渠道", "投訴類型", "投訴內容", "處理部門", "結案時間"]]
    for i, at in enumerate(days(40, timedelta(hours=21), rng)):
        done = at + timedelta(hours=30)
        channel, kind = rng.choice(["熱線", "門市"]), rng.choice(["網絡", "帳單"])
        what = "用戶反映家中信號不好，要求儘快處理"
        rows.append(
            [
                f"W{i:05d}",
                f"{at:%Y/%m/%d %H:%M}",
                channel,
                kind,
                what,
                rng.choice(["網絡部", "客服部"]),
                f"{done:%Y/%m/%d %H:%M}",
            ]
        )
    return Sample(
        "投訴工單.csv",
        text(rows, encoding="big5"),
        "ticket",
        {
            "ticket_id": "工單編號",
            "accepted_at": "受理時間",
            "channel_code": "受理渠道",
            "type_code": "投訴類型",
            "summary_scrubbed": "投訴內容",
            "owner_dept": "處理部門",
            "feedback_at": "結案時間",
        },
        settings={"encoding": "big5"},
    )


def packed() -> Sample:
    plain = us_crm()
    return Sample(
        "crm_cases_2025-03.csv.gz",
        gzip.compress(plain.content, mtime=0),
        "ticket",
        plain.columns,
        formats=plain.formats,
    )
