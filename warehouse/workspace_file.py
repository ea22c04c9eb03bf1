"""What `workspace.toml` may say: its settings as models, with the faults that can be told from the text alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from warehouse.access import AccessSettings
from warehouse.hotspots.settings import settings as hotspot_settings
from warehouse.subscriptions import Subscription

# duckdb; spark and local[n] are Spark in this process; a master; a Connect server.
ENGINE = r"^(duckdb|spark|local\[(\d+|\*)\]|yarn|(spark|k8s|sc)://\S+)$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Words(_Strict):
    """A text in both languages of the interface."""

    zh: str
    en: str


class Place(_Strict):
    """Where the workspace is. `merge_regions` draws a region without a polygon inside another one.

    `datum` is that of places.csv, towns.csv and of boundaries that do not name their own. `grid_origin` (lon, lat) is
    where the square grid starts; every grid id hangs on it, so it is chosen once. Without it there is no square grid.
    `water` is drawn under the map, `tiles` (an address with {z}, {x} and {y} on your own network) under everything;
    `approval` is the map approval number (审图号) that a public display in China must show.
    """

    bbox: tuple[float, float, float, float] | None = None
    boundaries: str | None = None
    water: str | None = None
    tiles: str | None = None
    approval: str | None = None
    datum: Literal["WGS-84", "GCJ-02", "BD-09"] = "WGS-84"
    grid_origin: tuple[float, float] | None = None
    merge_regions: dict[str, str] = {}
    note: Words | None = None

    @field_validator("bbox")
    @classmethod
    def _is_a_box(cls, value: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
        if value is not None:
            west, south, east, north = value
            if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
                raise ValueError("must be west, south, east, north in degrees")
        return value

    @field_validator("tiles")
    @classmethod
    def _are_tiles(cls, value: str | None) -> str | None:
        parts = ("{z}", "{x}", "{y}")
        if value is not None and not (
            value.startswith(("http://", "https://", "/")) and all(p in value for p in parts)
        ):
            raise ValueError("must be an address that holds {z}, {x} and {y}")
        return value

    @field_validator("grid_origin")
    @classmethod
    def _is_on_earth(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        if value is not None and not (-180 <= value[0] <= 180 and -80 <= value[1] <= 80):
            raise ValueError("must be longitude and latitude in degrees, the latitude within 80")
        return value


class Assignment(_Strict):
    """Tickets accepted from this day on are judged by this policy."""

    policy: str
    accepted_from: date


class Target(_Strict):
    """The value a measure should reach, and the one it should reach eventually."""

    value: float
    stretch: float | None = None


class AxisWeights(_Strict):
    """How much each axis of the assessment of departments counts; together 1."""

    speed: float = Field(default=0.2, ge=0)
    solved: float = Field(default=0.2, ge=0)
    satisfied: float = Field(default=0.2, ge=0)
    rules: float = Field(default=0.2, ge=0)
    continuity: float = Field(default=0.2, ge=0)

    @model_validator(mode="after")
    def _add_up(self) -> AxisWeights:
        total = sum(self.by_axis().values())
        if abs(total - 1) > 0.001:
            raise ValueError(f"must add up to 1, and add up to {total:g}; an axis that is left out counts 0.2")
        return self

    def by_axis(self) -> dict[str, float]:
        """Axis -> weight, in the order shown."""
        return {name: float(getattr(self, name)) for name in type(self).model_fields}


class Assessment(_Strict):
    """How departments are assessed."""

    weights: AxisWeights = AxisWeights()


class WatchSettings(_Strict):
    """How often `etl watch` looks: at the inbox, and at the databases that contracts query; and when it tidies."""

    poll_seconds: float = Field(default=1.0, ge=0.2, le=3600)
    pull_minutes: float | None = Field(default=None, gt=0)
    tidy_at: time = time(3)  # local time after which the lake is tidied, once a day


class Retention(_Strict):
    """How many whole months single tickets are kept before they become counts. 25 let every month of the last year be
    compared with the one a year before."""

    months: int = Field(default=25, ge=1, le=240)


def _once_each(kind: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} is there twice; give every {kind} a name of its own")


class NotifyTarget(_Strict):
    """Somebody to be told of warnings. The address holds a secret, so the file only names the variable that has it.

    `owners` and `regions` confine what is told to some departments and districts, by their codes; what is of no
    district, such as a warning about the whole city, is not told to a target of some.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    url_env: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    owners: list[str] = []
    regions: list[str] = []
    severities: list[Literal["red", "orange", "yellow", "blue"]] = ["red", "orange", "yellow"]
    language: Literal["zh", "en"] = "zh"


class NotifySettings(_Strict):
    """Who is told, when the day's digest goes out (local time), and where the links of messages lead."""

    base_url: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")
    digest_at: time = time(8, 30)
    targets: list[NotifyTarget] = []

    @field_validator("targets")
    @classmethod
    def _named_once(cls, value: list[NotifyTarget]) -> list[NotifyTarget]:
        _once_each("target", [target.name for target in value])
        return value


class WorkingHours(_Strict):
    """When offices work on working days of the calendar, local time."""

    begin: time = time(8, 30)
    finish: time = time(17, 30)

    @model_validator(mode="after")
    def _in_order(self) -> WorkingHours:
        if self.begin >= self.finish:
            raise ValueError("begin must be earlier than finish, on one day, such as 08:30:00 and 17:30:00")
        return self

    def seconds(self) -> tuple[int, int]:
        """Begin and finish as seconds of the day."""
        begin, finish = (t.hour * 3600 + t.minute * 60 + t.second for t in (self.begin, self.finish))
        return begin, finish


class Elsewhere(_Strict):
    """Files of the inbox that are no source of the lake, and why: known, so nobody looks for a missing contract."""

    pattern: str
    reason: Words


class SparkSettings(_Strict):
    """What Spark needs to know beside its address; nothing, where workers see the folders of this home by their names.

    `lake` is the lake's folder as workers name it (a mount, `hdfs://…`, `s3a://…`). `scratch` is a folder or URL that
    this machine and all workers reach by one name; tables are handed over there during a build. `settings` are Spark's.
    """

    lake: str | None = Field(default=None, min_length=1)
    scratch: str | None = Field(default=None, pattern=r"^(/|[a-z0-9]+://)\S+$")
    settings: dict[str, str] = {}


class WorkspaceFile(_Strict):
    """`workspace.toml` as written. `engine` is where models run: `duckdb`, or the address of Spark."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    engine: str = Field(default="duckdb", pattern=ENGINE)
    spark: SparkSettings = SparkSettings()
    name: Words
    is_synthetic: bool = False
    languages: list[Literal["zh", "en"]] = Field(min_length=1)
    timezone: str
    calendar: Literal["cn", "us", "none"] = "none"
    working_hours: WorkingHours = WorkingHours()
    as_of: datetime | Literal["now", "data"] = "data"
    sources: list[str] = Field(min_length=1)
    elsewhere: list[Elsewhere] = []
    place: Place = Place()
    targets: dict[str, Target] = {}
    baselines: dict[str, dict[str, float]] = {}
    policies: list[Assignment] = []
    channel_share_group: str = "main"
    satisfied_from_score: float = 9
    satisfied_from_rating: float = 4
    watch: WatchSettings = WatchSettings()
    notify: NotifySettings = NotifySettings()
    assessment: Assessment = Assessment()
    subscriptions: list[Subscription] = Field(default=[], alias="subscription")
    access: AccessSettings = AccessSettings()
    retention: Retention = Retention()
    notes: list[Words] = []
    hotspots: dict[str, Any] = {}

    @field_validator("subscriptions")
    @classmethod
    def _subscribed_once(cls, value: list[Subscription]) -> list[Subscription]:
        _once_each("subscription", [one.name for one in value])
        return value

    @field_validator("hotspots")
    @classmethod
    def _names_settings(cls, value: dict[str, Any]) -> dict[str, Any]:
        hotspot_settings(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(value)
        except Exception:
            raise ValueError("is not a time zone; write a name such as Asia/Shanghai") from None
        return value

    @model_validator(mode="after")
    def _policies_in_order(self) -> WorkspaceFile:
        days = [a.accepted_from for a in self.policies]
        if days != sorted(set(days)):
            raise ValueError("policies must be listed by rising accepted_from, each day once")
        return self
