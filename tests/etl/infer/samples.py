"""Files as operators elsewhere export them, made up here: other headers, orders of dates, separators and encodings.

Every sample says which table it is and which header a careful person would give each canonical column.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.etl.infer import format_samples as formats
from tests.etl.infer import other_samples as other
from tests.etl.infer import ticket_samples as ticket
from tests.etl.infer.making import Sample, mobile, text

__all__ = ["SAMPLES", "Sample", "mobile", "text"]

SAMPLES: list[Callable[[], Sample]] = [
    ticket.us_crm,
    ticket.uk_complaints,
    ticket.german,
    ticket.undecidable,
    ticket.early_days,
    ticket.work_orders,
    ticket.crm_wide,
    ticket.event_log,
    ticket.no_header,
    ticket.points,
    ticket.compact_times,
    formats.json_lines,
    formats.json_answer,
    formats.traditional,
    formats.packed,
    other.kpi_ratios,
    other.kpi_counters,
    other.alarms_epoch,
    other.nps_survey,
    other.cells_swapped,
    other.user_base,
    other.drive,
    other.stores,
    other.changes,
    other.mr_grids,
    other.callbacks,
    other.parquet_kpi,
    other.cells_in_degrees,
]
