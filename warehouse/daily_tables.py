"""Tables of sums of tickets per day: what stands in each, and which measures it tells. `daily.py` asks them.

A new table of sums needs one entry in TABLES. What does not belong here: selects, and what is kept between questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from warehouse.periods import Period


@dataclass(frozen=True)
class Daily:
    """A table of sums over `base`. `known` of its rows and `known_of_row` of the base's: when a ticket's part is known
    for good; `known` is the first day of that `step`, and None where no moment counts but the day of acceptance.
    With the step "hour" rows are steps of tickets, `known` is the first day at whose hour, that of the release, one
    counts, and the sums tell all of cut-offs at that hour and nothing of others.
    `sums`: measure -> numerator and denominator over the sums. `only_known`: what is not known yet counts nothing.
    `measured`: numerators that are no whole numbers though the measure is a count."""

    table: str
    base: str
    known: str | None
    known_of_row: str
    sums: Mapping[str, tuple[str, str | None]]
    step: Literal["day", "week", "hour"] = "day"
    only_known: bool = False
    measured: frozenset[str] = frozenset()

    def begun(self, period: Period) -> date:
        """First day of the step in which a period is cut off: of what became known before, the sums tell."""
        day = period.cutoff.date()
        return day - timedelta(day.weekday()) if self.step == "week" else day


def _sum(column: str) -> str:
    return f"cast(sum({column}) as bigint)"


_N = _sum("n")
_COUNTS: Mapping[str, tuple[str, str | None]] = {"M01": (_N, None), "M02": (_N, None), "M54": (_N, None)}
_REPEATS: Mapping[str, tuple[str, str | None]] = {"M14_N": (_sum("n_repeat"), None)}
_YES, _RATED, _ASKED = _sum("n_yes"), _sum("n_rated"), _sum("n_asked")
_ANSWERS: Mapping[str, tuple[str, str | None]] = {"M09": (_YES, _RATED), "M10": (_RATED, _ASKED)}
_ANSWERED = "greatest(accepted_at, coalesce(surveyed_at, accepted_at))"
_TOLD = "greatest(accepted_at, coalesce(feedback_at, accepted_at), coalesce(surveyed_at, accepted_at))"
_REPLIES: Mapping[str, tuple[str, str | None]] = {"M29": (_sum("n_replied"), None)}
_SENT: Mapping[str, tuple[str, str | None]] = {"M28_WAIT": (_sum("n_sent"), None)}
_PAID = "cast(sum(paid_fen) as double) / 100"
_PICKS: Mapping[str, tuple[str, str | None]] = {"M37_PICK": (_sum("n_picks"), None)}
_PARTNERS = "case when dept in (select dept_code from dim_dept where kind = 'PARTNER')"
_STAYS: Mapping[str, tuple[str, str | None]] = {
    "M25_PASS": ("sum(n_passed_on)", "sum(n_stays)"),
    "M26": ("sum(dwell_min) / 60", "sum(n_stays)"),
    "M26_N": ("sum(n_stays)", None),
    "M36": (f"sum({_PARTNERS} then dwell_min end) / 60", f"sum({_PARTNERS} then n_stays end)"),
}
_HANDLED: Mapping[str, tuple[str, str | None]] = {
    "A1_SPEED": (_sum("n_quick"), _sum("n_limited")),
    "A2_SOLVED": (_sum("n_solved"), _sum("n_answered")),
    "A2_HOURS": ("cast(sum(own_s) as double) / 3600", _sum("n_timed")),
    "A3_SATISFIED": (_YES, _RATED),
    "A4_INFORMED": (_sum("n_informed"), _sum("n_watched")),
    "A5_KEPT": (_sum("n_kept"), _sum("n_told")),
}
# The smaller ones first.
TABLES = (
    Daily(
        "mart_ticket_day",
        "mart_ticket",
        "accepted_on",
        "accepted_at",
        {
            **_COUNTS,
            "M14": (_sum("n_repeat"), _N),
            "M18": (_sum("n_escalated"), _N),
            "M18_N": (_sum("n_escalated"), None),
            "M42": ("cast(coalesce(sum(n) filter (where type_code = 'TAR02'), 0) as bigint)", None),
            "M56_GEO": (_sum("n_graded"), _N),
            "M56_LOC": (_sum("n_located"), _N),
        },
    ),
    Daily("mart_ticket_hour", "mart_ticket", "accepted_on", "accepted_at", _COUNTS),
    Daily("mart_repeat_before", "mart_repeat", "accepted_on", "accepted_at", _REPEATS),
    Daily(
        "mart_repeat_day",
        "mart_repeat",
        "known_on",
        "greatest(matured_at, coalesce(answered_7d_at, matured_at))",
        {
            **_REPEATS,
            "M14_BACK": (_sum("n_back"), _sum("n_answered")),
            "M14_7D": (_sum("n_back_7d"), _sum("n_answered_7d")),
            "M16": (_sum("n_first_7d"), _sum("n_judged_7d")),
        },
    ),
    Daily(
        "mart_tagged_day",
        "mart_repeat",
        "known_on",
        "",
        {
            "M20": (_sum("n_tagged_out"), _sum("n_tagged")),
            "M20_NOT": (_sum("n_plain_out"), _sum("n_plain")),
        },
        "hour",
    ),
    Daily("mart_answer_day", "mart_ticket", "known_week", _ANSWERED, _ANSWERS, "week", only_known=True),
    Daily("mart_answer_channel", "mart_ticket", "known_week", _ANSWERED, _ANSWERS, "week", only_known=True),
    Daily(
        "mart_voice_day",
        "mart_voice",
        "known_week",
        _TOLD,
        {
            "M08": (_sum("n_confirmed"), _sum("n_said")),
            "M09_BY": (_YES, _RATED),
            "M10_SENT": (_ASKED, _sum("n_closed")),
            "M10_GONE": (_sum("n_gone"), _sum("n_called")),
        },
        "week",
    ),
    Daily(
        "mart_voice_cause",
        "mart_voice",
        "known_week",
        _ANSWERED,
        {"M09_BY": (_YES, _RATED), "M09_BAD": (_sum("n_bad"), None)},
        "week",
        only_known=True,
    ),
    Daily(
        "mart_known_day",
        "mart_ticket",
        "known_on",
        "",
        {
            **_COUNTS,
            "M03": (_sum("n_on_time"), _N),
            "M04": (_sum("n_on_time"), _sum("n_due")),
            "M07": (_sum("n_solved"), _N),
            "M09": (_YES, _RATED),
            "M14": (_sum("n_repeat"), _N),
            "M18": (_sum("n_escalated"), _N),
            "M18_N": (_sum("n_escalated"), None),
            "M22": (_sum("n_late"), _N),
            "M22_N": (_sum("n_late"), None),
        },
        "hour",
    ),
    Daily(
        "mart_done_day",
        "mart_ticket",
        "known_week",
        "greatest(accepted_at, coalesce(feedback_at, due_at, accepted_at))",
        {
            "M01": _COUNTS["M01"],
            "M03": (_sum("n_on_time"), _N),
            "M04": (_sum("n_on_time"), _sum("n_due")),
            "M06": ("cast(sum(done_s) as double) / 3600", _sum("n_done")),
            "M06_NET": ("cast(sum(net_s) as double) / 3600", _sum("n_done")),
        },
        "week",
    ),
    Daily(
        "mart_outcome_day",
        "mart_ticket",
        "known_week",
        "greatest(accepted_at, coalesce(feedback_at, accepted_at), coalesce(reopened_at, accepted_at))",
        {
            "M17": (_sum("n_reopened"), _sum("n_finished")),
            "M38": (_PAID, None),
            "M38_MEAN": (_PAID, _sum("n_done")),
            "M38_PAID": (_sum("n_paid"), _sum("n_done")),
            "M39": (_sum("n_to_blame"), _sum("n_done")),
        },
        "week",
        measured=frozenset({"M38"}),
    ),
    Daily(
        "mart_handled_day",
        "mart_handled",
        "known_week",
        "greatest(accepted_at, coalesce(answered_at, accepted_at), coalesce(feedback_at, accepted_at), "
        "coalesce(reopened_at, accepted_at), coalesce(surveyed_at, accepted_at))",
        _HANDLED,
        "week",
    ),
    Daily(
        "mart_template_day",
        "mart_repeat",
        "known_week",
        "greatest(matured_at, coalesce(feedback_at, matured_at))",
        {"M14_BACK": (_sum("n_back"), _sum("n_answered")), "M58": (_sum("n_by_template"), _sum("n_told"))},
        "week",
    ),
    Daily("mart_flow_reply_hour", "mart_ticket_flow", None, "", _REPLIES),
    Daily("mart_flow_reply", "mart_ticket_flow", None, "", _REPLIES),
    Daily("mart_flow_sent", "mart_ticket_flow", None, "", _SENT),
    Daily("mart_flow_sent_hour", "mart_ticket_flow", None, "", _SENT),
    Daily("mart_flow_dwell", "mart_flow_stay", None, "", _STAYS),
    Daily("mart_flow_pick", "mart_stay", None, "", _PICKS),
)
