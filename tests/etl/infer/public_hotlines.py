"""The last two of the first half: a Chinese city hotline and consumidor.gov.br."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, mobile, text


def city_hotline() -> Sample:
    rng = Random(411)
    rows: Rows = [["诉求编号", "诉求标题", "诉求类型", "事项", "事项二级分类", "镇街", "处理部门", "发起时间",
        "受理时间", "派单时间", "办结时间", "红黄牌", "诉求人姓名", "联系电话"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=6), rng)):
        rows.append([
            f"SQ2025{i:06d}", rng.choice(["小区里手机没有信号", "反映宽带经常掉线", "话费多扣要求退还"]),
            rng.choice(["投诉", "咨询"]), "通信", rng.choice(["移动网络", "资费争议"]), rng.choice(["甲街道", "乙镇"]),
            rng.choice(["通管办", "移动公司"]), f"{at - timedelta(minutes=30):%Y/%m/%d %H:%M}",
            f"{at:%Y/%m/%d %H:%M}", f"{at + timedelta(hours=1):%Y/%m/%d %H:%M}",
            f"{at + timedelta(days=2):%Y/%m/%d %H:%M}", rng.choice(["", "黄牌"]), "某某", mobile(i),
        ])  # fmt: skip
    return Sample(
        "12345热线诉求明细.csv", text(rows, encoding="gb18030"), "ticket",
        {"ticket_id": "诉求编号", "summary_scrubbed": "诉求标题", "request_kind": "诉求类型", "type_detail": "事项",
            "type_code": "事项二级分类", "town": "镇街", "owner_dept": "处理部门", "accepted_at": "受理时间",
            "dispatched_at": "派单时间", "feedback_at": "办结时间", "cust_key": "联系电话"},
    )  # fmt: skip


def consumidor() -> Sample:
    """No number of the complaint at all: what tells the rows apart is proposed, and a person says yes."""
    rng = Random(412)
    rows: Rows = [["Gestor", "Canal de Origem", "Região", "UF", "Cidade", "Faixa Etária", "Data Abertura",
        "Data Resposta", "Data Finalização", "Tempo Resposta", "Nome Fantasia", "Segmento de Mercado", "Assunto",
        "Problema", "Respondida", "Situação", "Nota do Consumidor"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=15), rng)):
        rows.append([
            "Senacon", rng.choice(["Plataforma Web", "Plataforma Mobile"]), "SE", rng.choice(["SP", "RJ"]),
            f"Cidade {i}", rng.choice(["entre 21 a 30 anos", "entre 31 a 40 anos"]), f"{at:%d/%m/%Y}",
            f"{at + timedelta(days=5):%d/%m/%Y}", f"{at + timedelta(days=9):%d/%m/%Y}", 5, "Operadora X",
            "Operadoras de Telecomunicações", rng.choice(["Telefonia Móvel Pós-paga", "Internet Móvel"]),
            rng.choice(["Cobrança indevida", "Sem sinal"]), "S", "Finalizada avaliada", rng.choice(["", "1", "5"]),
        ])  # fmt: skip
    return Sample(
        "basecompleta-2025-03.csv", text(rows, ";", "utf-8-sig"), "ticket",
        {"ticket_id": ["Cidade", "Data Abertura", "Problema"], "channel_code": "Canal de Origem", "region_code": "UF",
            "town": "Cidade", "age_band": "Faixa Etária", "accepted_at": "Data Abertura",
            "feedback_at": "Data Resposta", "archived_at": "Data Finalização", "type_detail": "Assunto",
            "type_code": "Problema", "status": "Situação"},
        decide={"made_ticket_id"},
    )  # fmt: skip
