"""A plan as it is submitted: names and shapes of the wire, nothing looked up or computed yet."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from api.intake.document import Document
from api.intake.fields import (
    Amount,
    AtLeastOne,
    Count,
    Currency,
    DurationText,
    Key,
    Line,
    ShortLine,
    Text,
)
from domain.plan import SilencePolicy

MOST_STEPS = 50
Names = Annotated[list[ShortLine | None], Field(max_length=200)]


class WindowDocument(Document):
    """Dates of the organisation's zone (end inclusive), or RFC 3339 instants."""

    required: ClassVar = ("start", "end")
    start: str | None = None
    end: str | None = None


class OfferDocument(Document):
    required: ClassVar = ("key", "product", "pay", "get", "currency")
    key: Key | None = None
    product: ShortLine | None = None
    pay: Amount | None = None
    get: Amount | None = None
    currency: Currency | None = None
    segments: Names | None = None
    channels: Names | None = None
    key_message: Text | None = None


class AudienceDocument(Document):
    size: Count | None = None
    list: Line | None = None


class ContactDocument(Document):
    required: ClassVar = ("channel", "messages_per_customer")
    channel: ShortLine | None = None
    messages_per_customer: Count | None = None


class ResourceDocument(Document):
    """`needed_by` is a date (its cut-off) or an instant."""

    required: ClassVar = ("pool", "quantity", "step")
    pool: ShortLine | None = None
    quantity: AtLeastOne | None = None
    step: Key | None = None
    needed_by: str | None = None


class RungDocument(Document):
    required: ClassVar = ("after", "to")
    after: DurationText | None = None
    to: ShortLine | None = None
    do: Literal["notify", "reassign"] | None = None


Ladder = Annotated[list[RungDocument | None], Field(min_length=1, max_length=10)]


class PolicyDocument(Document):
    answer_within: DurationText | None = None
    repair_within: DurationText | None = None
    gate_grace: DurationText | None = None
    silence: SilencePolicy | None = None
    ladder: Ladder | None = None
    remind_before: DurationText | None = None
    acknowledged_for: DurationText | None = None


class StepDocument(Document):
    """Overrides the template's step of that key, or adds one. `deliver_by` as in a resource."""

    required: ClassVar = ("key",)
    key: Key | None = None
    module: Key | None = None
    after: Annotated[list[Key | None], Field(max_length=MOST_STEPS)] | None = None
    customer: Key | None = None
    deliverable: Text | None = None
    conditions: Annotated[list[Text | None], Field(max_length=20)] | None = None
    signers: Annotated[int, Field(ge=1, le=2)] | None = None
    lead_time: DurationText | None = None
    deliver_by: str | None = None
    answer_within: DurationText | None = None
    silence: SilencePolicy | None = None
    ladder: Ladder | None = None
    remind_before: DurationText | None = None
    material: Annotated[list[str | None], Field(max_length=20)] | None = None


class PlanChangeDocument(Document):
    """Fields of a plan that change once it is started. Of the window one end may be left out."""

    title: Line | None = None
    window: WindowDocument | None = None
    regions: Names | None = None
    offers: Annotated[list[OfferDocument | None], Field(max_length=100)] | None = None
    audience: AudienceDocument | None = None
    contact: ContactDocument | None = None
    resources: Annotated[list[ResourceDocument | None], Field(max_length=100)] | None = None
    theme: ShortLine | None = None


class PlanDocument(PlanChangeDocument):
    """The body of a start or a check, and a plan file: what may change later, and what may not."""

    required: ClassVar = ("code", "title", "department", "sponsor", "window")
    code: Key | None = None
    department: ShortLine | None = None
    sponsor: Key | None = None
    template: Line | None = None
    policy: PolicyDocument | None = None
    steps: Annotated[list[StepDocument | None], Field(max_length=MOST_STEPS)] | None = None
