"""An organisation file as it is written: names and shapes, nothing looked up yet."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from api.intake.document import Document
from api.intake.fields import AtLeastOne, Count, Key, Line, ShortLine, Text

Names = Annotated[list[ShortLine | None], Field(max_length=200)]
Rate = Annotated[float, Field(ge=0)]


class NameDocument(Document):
    required: ClassVar = ("en", "zh")
    en: ShortLine | None = None
    zh: ShortLine | None = None


class OverrideDocument(Document):
    required: ClassVar = ("date", "working")
    date: str | None = None
    working: bool | None = None


class IdentityDocument(Document):
    required: ClassVar = ("name", "zone", "country", "cutoff")
    name: Line | None = None
    zone: str | None = None
    country: str | None = None
    cutoff: str | None = None
    overrides: Annotated[list[OverrideDocument | None], Field(max_length=1000)] | None = None


class ModuleDocument(Document):
    required: ClassVar = ("key", "name")
    key: Key | None = None
    name: NameDocument | None = None


class PersonDocument(Document):
    required: ClassVar = ("id", "name", "roles")
    id: Key | None = None
    name: NameDocument | None = None
    email: Line | None = None
    department: ShortLine | None = None
    roles: Annotated[list[Line | None], Field(max_length=50)] | None = None


class SegmentsDocument(Document):
    """`overlaps` are pairs of segments that share customers."""

    overlaps: Annotated[list[list[ShortLine | None] | None], Field(max_length=2000)] | None = None


class PoolDocument(Document):
    required: ClassVar = ("key", "unit", "period", "capacity", "owner")
    key: Key | None = None
    unit: ShortLine | None = None
    period: Literal["week", "month", "quarter", "year"] | None = None
    capacity: Count | None = None
    region: ShortLine | None = None
    owner: Key | None = None


class LimitsDocument(Document):
    launches_per_channel_week: AtLeastOne | None = None


class PeriodDocument(Document):
    """Both dates inclusive; `from` is a word of Python, so the field has another name inside."""

    required: ClassVar[tuple[str, ...]] = ("from", "to")
    since: str | None = Field(None, alias="from")
    to: str | None = None


class BlackoutDocument(PeriodDocument):
    required: ClassVar = ("from", "to", "reason")
    channels: Names | None = None
    reason: Line | None = None


class ThemeDocument(PeriodDocument):
    required: ClassVar = ("from", "to", "theme")
    theme: ShortLine | None = None


class ChannelRuleDocument(Document):
    """Product, segment and channel may end in or be `*`."""

    required: ClassVar = ("product", "segment", "channel", "verdict", "reason")
    product: ShortLine | None = None
    segment: ShortLine | None = None
    channel: ShortLine | None = None
    verdict: Literal["allow", "deny"] | None = None
    reason: Line | None = None
    evidence: Text | None = None


class CallRateDocument(Document):
    required: ClassVar = ("product", "channel", "calls_per_thousand", "minutes")
    product: ShortLine | None = None
    channel: ShortLine | None = None
    calls_per_thousand: Rate | None = None
    minutes: Rate | None = None


class FactorDocument(Document):
    """A contributing factor besides those every organisation has."""

    required: ClassVar = ("key", "name")
    key: Key | None = None
    name: NameDocument | None = None


class OrganisationDocument(Document):
    """The whole file. Templates of an organisation's own are not read: the list must be empty."""

    required: ClassVar = ("organisation", "modules", "people")
    organisation: IdentityDocument | None = None
    modules: Annotated[list[ModuleDocument | None], Field(min_length=1, max_length=50)] | None = (
        None
    )
    people: Annotated[list[PersonDocument | None], Field(min_length=1, max_length=5000)] | None = (
        None
    )
    segments: SegmentsDocument | None = None
    pools: Annotated[list[PoolDocument | None], Field(max_length=2000)] | None = None
    limits: LimitsDocument | None = None
    blackouts: Annotated[list[BlackoutDocument | None], Field(max_length=500)] | None = None
    themes: Annotated[list[ThemeDocument | None], Field(max_length=500)] | None = None
    channel_rules: Annotated[list[ChannelRuleDocument | None], Field(max_length=2000)] | None = None
    call_rates: Annotated[list[CallRateDocument | None], Field(max_length=2000)] | None = None
    factors: Annotated[list[FactorDocument | None], Field(max_length=100)] | None = None
    templates: Annotated[list[str | None], Field(max_length=0)] | None = None
