"""Charts as pure functions: a frame in, an Altair chart out. No queries, no Streamlit; drawn once (`remember`)."""

from pages._shared.charts.alt_text import (
    contribution_alt,
    day_of_month_alt,
    heat_alt,
    hour_weekday_alt,
    map_alt,
    ranked_alt,
    share_alt,
    spark_alt,
    trend_alt,
)
from pages._shared.charts.bars import contribution_bars, count_bars, day_of_month, ranked_bars, share_bars
from pages._shared.charts.base import PICK
from pages._shared.charts.context import Event
from pages._shared.charts.course import course, course_alt
from pages._shared.charts.funnel import funnel, funnel_alt
from pages._shared.charts.heat import heat, hour_weekday
from pages._shared.charts.lanes import lanes, lanes_alt
from pages._shared.charts.limits import open_curve, rule_dots, state_bars
from pages._shared.charts.lines import trend
from pages._shared.charts.spark import sparkline

__all__ = [
    "PICK",
    "Event",
    "contribution_alt",
    "contribution_bars",
    "count_bars",
    "course",
    "course_alt",
    "day_of_month",
    "day_of_month_alt",
    "funnel",
    "funnel_alt",
    "heat",
    "heat_alt",
    "hour_weekday",
    "hour_weekday_alt",
    "lanes",
    "lanes_alt",
    "map_alt",
    "open_curve",
    "ranked_alt",
    "ranked_bars",
    "rule_dots",
    "share_alt",
    "share_bars",
    "spark_alt",
    "sparkline",
    "state_bars",
    "trend",
    "trend_alt",
]
