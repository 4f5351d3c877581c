"""The shape of an event log of objects, OCEL 2.0, for the OpenAPI document and its readers."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Value = str | int | bool


class AttributeTypePublic(BaseModel):
    name: str
    type: Literal["string", "time", "integer", "boolean"]


class TypePublic(BaseModel):
    """A type of events or objects with its attributes."""

    name: str
    attributes: list[AttributeTypePublic]


class RelationPublic(BaseModel):
    """To an object, and in what part: `performer`, `customer`, `about`, …"""

    objectId: str  # noqa: N815 - the standard's name
    qualifier: str


class EventAttributePublic(BaseModel):
    name: str
    value: Value


class ObjectAttributePublic(BaseModel):
    """A value from that time on; the first one from 1970 where the object began with it."""

    name: str
    time: datetime
    value: Value


class LoggedEventPublic(BaseModel):
    id: str
    type: str
    time: datetime
    attributes: list[EventAttributePublic]
    relationships: list[RelationPublic]


class LoggedObjectPublic(BaseModel):
    id: str
    type: str
    attributes: list[ObjectAttributePublic]
    relationships: list[RelationPublic]


class LoggedRunsPublic(BaseModel):
    """How many runs are in the log, and how many are not, because their ledgers are damaged."""

    since: datetime | None = Field(alias="from")
    until: datetime | None = Field(alias="to")
    runs: int
    left_out: int


class EventLogPublic(BaseModel):
    """Closed runs for process mining. Nobody is in it, and nothing that anybody wrote."""

    eventTypes: list[TypePublic]  # noqa: N815 - the standard's name
    objectTypes: list[TypePublic]  # noqa: N815 - the standard's name
    events: list[LoggedEventPublic]
    objects: list[LoggedObjectPublic]
    countersign: LoggedRunsPublic
