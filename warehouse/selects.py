"""The select statements behind figures and rows, put together from names that were checked. Nothing runs here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from warehouse.measures import Measure
from warehouse.periods import Period
from warehouse.scope import col, row_scope
from warehouse.viewer import Viewer

Levels = Mapping[str, Mapping[str, str]]  # table -> column -> class
Waiting = Literal["open", "overdue", "due_today"]
# How the customers of a group are counted: one by one, only far enough to know a few from many, or not at all.
People = Literal["all", "enough", "none"]
# Buckets that customers fall into by hash; as many as a bit string of one number has.
_BUCKETS = 64
_SEVERAL, _DAY = 4, "day_of_period"
LONG_DAYS = 3  # what takes longer stands in mart_ticket_long
_APART = timedelta(days=31)
# Columns of tables of sums, one for each eighth of all customers.
WHO = frozenset(f"who_{n}" for n in range(8))

ROW_COLUMNS = (
    "ticket_id", "accepted_at", "type_l1", "type_code", "type_detail", "channel_code", "region_code", "town",
    "place_name", "cust_key", "cust_type", "age_band", "priority", "owner_dept", "first_reply_at", "feedback_at",
    "is_solved", "is_repeat", "n_chasers", "n_transfers", "n_reopens", "responsibility", "cause_l1", "cause_l2",
    "summary_scrubbed",
)  # fmt: skip


class _Unsigned(sa.types.UserDefinedType[int]):
    """Whole numbers of 64 bits without a sign, as the warehouse calls them."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "UBIGINT"


_DIALECT = DefaultDialect(paramstyle="qmark")


@dataclass(frozen=True)
class Filters:
    """What the viewer narrowed to, as dimension -> values. Immutable and ordered, so it can be a cache key."""

    values: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    @classmethod
    def of(cls, chosen: Mapping[str, Iterable[Any]]) -> Filters:
        kept = {k: tuple(sorted(set(v), key=str)) for k, v in chosen.items()}
        return cls(tuple(sorted((k, v) for k, v in kept.items() if v)))

    def with_(self, **more: Iterable[Any]) -> Filters:
        return Filters.of({**dict(self.values), **more})

    def without(self, *names: str) -> Filters:
        return Filters(tuple((k, v) for k, v in self.values if k not in names))


def figures(
    levels: Levels,
    entries: Sequence[Measure],
    base: str,
    basis: str,
    viewer: Viewer,
    periods: Sequence[Period],
    by: Sequence[str],
    where: Filters,
    people: People = "all",
    also: Sequence[sa.ColumnElement[bool]] = (),
) -> sa.Select[Any]:
    """Numerators and denominators of measures on one table and time basis, per period and group, and `people` in it.

    With `people` "enough" a group's `n_customers` is a least number: several customers may share one of 64 buckets.
    That is a quarter of the work of telling all of them apart, and five buckets are five customers. Tables of sums
    always tell a least number. `also` are further conditions on rows and the moments of periods.
    """
    rows, span = sa.table(base), _spans(levels.get(base, {}), basis, periods)
    source = open_at(levels, [p.cutoff for p in periods]) if basis == "live" and base == "mart_ticket" else rows
    cutoff, period = col(span, "cutoff_at"), col(span, "period_id").label("period")
    groups = [col(source, name) for name in by]
    columns: list[sa.ColumnElement[Any]] = []
    for entry in entries:
        columns.append(_counted(entry.numerator, entry.kind).label(f"{entry.id}_num"))
        if entry.denominator is not None and entry.denominator_base is None:
            columns.append(_counted(entry.denominator).label(f"{entry.id}_den"))
    classes = levels.get(base, {})
    if people == "none":
        pass
    elif "who_0" in classes:
        eighths = [sa.case((sa.func.sum(col(source, name)) > 0, 1), else_=0) for name in classes if name in WHO]
        columns.append(sum(eighths[1:], eighths[0]).label("n_customers"))
    elif "cust_key" in classes:
        # A ticket without a number is one unknown customer.
        names = [col(source, name) for name in ("cust_key", "ticket_id") if name in classes]
        who = sa.func.coalesce(*names)
        columns.append((buckets(who) if people == "enough" else sa.func.count(sa.distinct(who))).label("n_customers"))
    elif "n_people" in classes:
        columns.append(sa.func.coalesce(sa.func.sum(col(source, "n_people")), 0).label("n_customers"))
    elif any(level != "L1" for level in classes.values()):
        columns.append(sa.func.count().label("n_customers"))
    when = _when(basis, source, span, cutoff)
    return (
        sa.select(period, *groups, *columns)
        .select_from(source.join(span, when))
        .where(*_within(basis, source, periods), *inside(levels, base, viewer, where, source), *also)
        .group_by(col(span, "period_id"), *groups)
    )


def buckets(who: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """How many of 64 buckets hold a customer, so a least number of them; 0 over no rows."""
    number = sa.func.hash(who).op("%")(sa.literal_column(str(_BUCKETS)))
    one = sa.cast(sa.literal_column("1"), _Unsigned)
    marks = sa.func.bit_or(one.op("<<")(sa.cast(number, _Unsigned)))
    return sa.func.coalesce(sa.cast(sa.func.bit_count(marks), sa.BigInteger), 0)


def _counted(expression: str, kind: str = "count") -> sa.ColumnElement[Any]:
    """A count over nothing but unknown times comes as missing from DuckDB, and is none. Means and quantiles stay."""
    told: sa.ColumnElement[Any] = sa.literal_column(expression)
    return told if kind in ("mean", "quantile") else sa.func.coalesce(told, 0)


def denominator(
    levels: Levels, entry: Measure, viewer: Viewer, periods: Sequence[Period], shared: Sequence[str], where: Filters
) -> sa.Select[Any]:
    """A denominator that another table holds, per period and those groups that the table has."""
    assert entry.denominator_base and entry.denominator
    source, span = sa.table(entry.denominator_base), _values(periods)
    groups = [col(source, d) for d in shared]
    day = col(source, "date_on")
    return (
        sa.select(
            col(span, "period_id").label("period"),
            *groups,
            sa.literal_column(entry.denominator).label(f"{entry.id}_den"),
        )
        .select_from(source.join(span, sa.and_(day >= col(span, "first_on"), day < col(span, "end_on"))))
        .where(*inside(levels, entry.denominator_base, viewer, where, source))
        .group_by(col(span, "period_id"), *groups)
    )


def ticket_ids(
    levels: Levels, viewer: Viewer, period: Period, where: Filters, waiting: Waiting | None
) -> sa.Select[Any]:
    """The tickets behind a figure; with `waiting` those open at the period's cut-off, whenever they were accepted."""
    mart = open_at(levels, [period.cutoff]) if waiting else sa.table("mart_ticket")
    when = _open_at(mart, period.cutoff, waiting) if waiting else accepted_in(mart, period)
    return (
        sa.select(col(mart, "ticket_id"))
        .select_from(mart)
        .where(*inside(levels, "mart_ticket", viewer, where, mart), *when)
    )


def open_at(levels: Levels, moments: Sequence[datetime]) -> sa.FromClause:
    """Counted complaints among which are all that were open at one of the moments: `mart_ticket`, or less of it.

    Besides those that took long, only what was accepted in the days before can have been open.
    """
    whole, columns = sa.table("mart_ticket"), levels.get("mart_ticket", {})
    if "mart_ticket_long" not in levels or not moments:
        return whole
    before = timedelta(days=LONG_DAYS, minutes=1)  # more, for parts of seconds
    long, spans = sa.table("mart_ticket_long"), _near_each_other(moments)
    at, quick = col(whole, "accepted_at"), []
    for span in spans:
        # What lies between the first and the last is skipped by blocks; of the rest the moments choose.
        bounds = [at > _bound(span[0] - before), at <= _bound(span[-1])]
        recent = [sa.and_(at > _bound(moment - before), at <= _bound(moment)) for moment in span]
        took = col(whole, "handling_hours") <= sa.literal_column(str(24 * LONG_DAYS))
        quick.append(sa.select(*(col(whole, name) for name in columns)).where(took, *bounds, sa.or_(*recent)))
    at, done = col(long, "accepted_at"), col(long, "feedback_at")
    lasting = [sa.and_(at <= _bound(span[-1]), sa.or_(done.is_(None), done > _bound(span[0]))) for span in spans]
    still = sa.select(*(col(long, name) for name in columns)).where(sa.or_(*lasting))
    return sa.union_all(*quick, still).subquery("mart_ticket")


def _near_each_other(moments: Sequence[datetime]) -> list[list[datetime]]:
    """Moments in order, a year ago apart from the weeks until now; no acceptance counts for two spans."""
    spans: list[list[datetime]] = []
    for moment in sorted(set(moments)):
        if spans and moment - spans[-1][-1] <= _APART:
            spans[-1].append(moment)
        else:
            spans.append([moment])
    return spans


def inside(
    levels: Levels, base: str, viewer: Viewer, where: Filters, source: sa.FromClause
) -> list[sa.ColumnElement[bool]]:
    """The viewer's rows, narrowed by the filters that the table has columns for."""
    columns = levels.get(base, {})
    chosen = [col(source, name).in_(list(values)) for name, values in where.values if name in columns]
    return row_scope(source, columns, viewer) + chosen


def compiled(statement: sa.Select[Any]) -> tuple[str, list[Any]]:
    """SQL with question marks, and the values for them in order."""
    done = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    names = done.positiontup or []
    return str(done), [done.params[name] for name in names]


def _spans(classes: Mapping[str, str], basis: str, periods: Sequence[Period]) -> sa.FromClause:
    """The periods; where there are several, day by day: rows then find theirs by the day instead of trying them all."""
    span = _values(periods)
    if basis != "accepted" or "accepted_on" not in classes or len(periods) < _SEVERAL:
        return span
    day = "cast(unnest(range(cast(first_on as timestamp), cast(end_on as timestamp), interval 1 day)) as date)"
    names = ("period_id", "first_on", "end_on", "cutoff_at")
    return sa.select(*(col(span, n) for n in names), sa.literal_column(day).label(_DAY)).subquery("periods")


def _values(periods: Sequence[Period]) -> sa.Values:
    return sa.values(
        sa.column("period_id", sa.String),
        sa.column("first_on", sa.Date),
        sa.column("end_on", sa.Date),
        sa.column("cutoff_at", sa.DateTime),
        name="periods",
    ).data([(p.id, p.first, p.end, p.cutoff) for p in periods])


def _within(basis: str, source: sa.FromClause, periods: Sequence[Period]) -> list[sa.ColumnElement[bool]]:
    """The days of all periods as plain bounds: what lies elsewhere is then not read, which the join alone would do."""
    if basis == "live" and periods:
        done = col(source, "feedback_at")
        cutoffs = [p.cutoff for p in periods]
        still = sa.or_(done.is_(None), done > _bound(min(cutoffs)))
        return [col(source, "accepted_at") <= _bound(max(cutoffs)), still]
    if basis not in ("accepted", "published", "day") or not periods:
        return []
    spans: list[tuple[date, date]] = []
    for first, end in sorted((p.first, p.end) for p in periods):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((first, end))
    at = col(source, "date_on" if basis == "day" else f"{basis}_at")
    return [sa.or_(*(sa.and_(at >= _bound(first), at < _bound(end)) for first, end in spans))]


def _when(
    basis: str, source: sa.FromClause, span: sa.FromClause, cutoff: sa.ColumnClause[Any]
) -> sa.ColumnElement[bool]:
    first, end = col(span, "first_on"), col(span, "end_on")
    if _DAY in span.c:
        return sa.and_(col(source, "accepted_on") == col(span, _DAY), col(source, "accepted_at") <= cutoff)
    if basis in ("accepted", "published"):
        at = col(source, f"{basis}_at")
        return sa.and_(at >= first, at < end, at <= cutoff)
    if basis == "live":
        done = col(source, "feedback_at")
        return sa.and_(col(source, "accepted_at") <= cutoff, sa.or_(done.is_(None), done > cutoff))
    if basis == "day":
        # Only days that are over at the cut-off: half a day beside a whole one is no comparison.
        day = col(source, "date_on")
        return sa.and_(day >= first, day < end, day < sa.cast(cutoff, sa.Date))
    if basis == "month":
        month = col(source, "period_month")
        return sa.and_(month >= first, month < end)
    if basis == "begun":
        begun = sa.func.greatest(col(source, "week_start"), col(source, "month_start"))
        return sa.and_(begun >= first, begun < end)
    return sa.true()


def accepted_in(mart: sa.FromClause, period: Period) -> list[sa.ColumnElement[bool]]:
    """The tickets of a period, known at its cut-off."""
    at = col(mart, "accepted_at")
    return [at >= _bound(period.first), at < _bound(period.end), at <= _bound(period.cutoff)]


def _open_at(mart: sa.FromClause, cutoff: datetime, waiting: Waiting) -> list[sa.ColumnElement[bool]]:
    """The tickets that M24, M22_OPEN or M23_TODAY count."""
    done, due = col(mart, "feedback_at"), col(mart, "due_at")
    found = [col(mart, "accepted_at") <= _bound(cutoff), sa.or_(done.is_(None), done > _bound(cutoff))]
    if waiting == "overdue":
        found.append(due < _bound(cutoff))
    if waiting == "due_today":
        midnight = datetime.combine(cutoff.date() + timedelta(1), time.min)
        found += [due >= _bound(cutoff), due < _bound(midnight)]
    return found


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
