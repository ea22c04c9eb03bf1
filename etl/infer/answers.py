"""The answer of a survey call where a file gives marks only: satisfied or not by a line that a person confirms."""

from __future__ import annotations

from etl.infer.columns import Drafted
from etl.infer.numbers import figure
from etl.infer.plan import Plan
from etl.infer.profile import Profile
from etl.infer.types import Reading
from etl.infer.values import Known, Mapping, map_values
from etl.infer.words import note

SATISFIED, DISSATISFIED, NO_ANSWER = "2", "3", "1"
LINES = {5: 4, 10: 9}


def from_marks(made: Plan, profile: Profile, readings: dict[str, Reading]) -> None:
    """Draft answer_code of a file with marks up to 5 or 10: a call without a mark was not answered."""
    score = made.columns.get("score_10")
    if score is None or "answer_code" in made.columns or len(score.headers) != 1:
        return
    header = score.headers[0]
    top = 5 if readings[header].high <= 5 else 10
    written = [v for v in profile[header].values if v not in readings[header].missing]
    marks = {v: f.value for v in written if (f := figure(v)) is not None}
    whole = {v.removesuffix(".0") for v in marks} | {str(n) for n in range(1, top + 1)}
    codes = {v: SATISFIED if float(v) >= LINES[top] else DISSATISFIED for v in sorted(whole | set(marks), key=float)}
    headers, rest, rest_zh = [header], "", ""
    if (reached := made.columns.get("was_reached")) and len(reached.headers) == 1:
        headers.append(reached.headers[0])
        told = map_values("was_reached", profile[headers[1]], readings[headers[1]], Known())
        codes |= dict.fromkeys(told.codes, NO_ANSWER)
        rest, rest_zh = ", a call without a mark as no answer", "，没有评分的为未应答"
    drafted = Drafted("answer_code", {"from": headers if len(headers) > 1 else header, "map": "answer"}, score=0.7)
    drafted.settings["unmapped"] = "reject"
    if len(headers) == 1 and profile[header].n_filled < profile.n_rows:
        drafted.settings["required"] = False
    drafted.mapping, drafted.map_name = Mapping(codes, [], 1.0), "answer"
    said = {"top": top, "least": LINES[top], "rest": rest, "rest_zh": rest_zh}
    drafted.notes.append(note("answer_marks", "decide", column="answer_code", **said))
    made.columns["answer_code"] = drafted
