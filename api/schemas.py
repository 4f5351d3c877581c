"""Request bodies of the acts: exact fields, bounded texts, no coercion; each builds its act.

What a body means is decided by the domain; here is only whether it can be understood.
"""

import re
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from api.intake.fields import refuse
from domain import acts, commitment
from domain.errors import Invalid

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Instants outside are typing errors, and sums with them could leave the calendar."""

_RFC3339: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_WEB: Final = re.compile(r"https?://[^\s/]\S*")


def instant_of(value: object) -> datetime:
    """An RFC 3339 text as an aware instant in UTC. What cannot be one is refused in words."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise refuse("bad_format", "must be an instant such as 2026-12-01T10:00:00Z")
    try:
        instant = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse("bad_format", "names a day or an hour that does not exist") from None
    if not EARLIEST <= instant < LATEST:
        message = f"must lie between the years {EARLIEST.year} and {LATEST.year}"
        raise refuse("out_of_range", message)
    return instant


def not_blank(text: str) -> str:
    """The text itself, refused where it holds nothing but blanks."""
    if not text.strip():
        raise refuse("missing", "must not be empty")
    return text


def web_address(text: str) -> str:
    """The text itself, refused where a click on it would do anything but open a page."""
    if not _WEB.fullmatch(text):
        raise refuse("bad_format", "must be a web address such as https://example.com/report")
    return text


Instant = Annotated[
    datetime,
    BeforeValidator(instant_of),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(not_blank)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(not_blank)]
Link = Annotated[str, StringConstraints(max_length=2000), AfterValidator(web_address)]


class Shape(BaseModel):
    """A body: unknown fields and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StepBody(Shape, ABC):
    """The body of an act on a step."""

    @abstractmethod
    def act(self, step: str) -> acts.StepAct:
        """The act this body asks for."""


class Acknowledge(StepBody):
    answer_by: Instant | None = None

    def act(self, step: str) -> acts.StepAct:
        return acts.Acknowledge(step, self.answer_by)


class Ask(StepBody):
    text: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Ask(step, self.text)


class Reply(StepBody):
    text: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Reply(step, self.text)


class Sign(StepBody):
    terms_digest: Name
    note: Text | None = None

    def act(self, step: str) -> acts.StepAct:
        return acts.Sign(step, self.terms_digest, self.note)


class Decline(StepBody):
    reason: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Decline(step, self.reason)


class Report(StepBody):
    evidence: Text
    link: Link | None = None

    def act(self, step: str) -> acts.StepAct:
        return acts.Report(step, self.evidence, self.link)


class Rating(Shape):
    condition: Text
    score: Annotated[int, Field(ge=1, le=5)]


class Accept(StepBody):
    ratings: Annotated[tuple[Rating, ...], Field(max_length=50)] = ()
    note: Text | None = None

    def act(self, step: str) -> acts.StepAct:
        ratings = tuple(acts.Rating(r.condition, r.score) for r in self.ratings)
        return acts.Accept(step, ratings, self.note)


class Reject(StepBody):
    reason: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Reject(step, self.reason)


class Quantity(Shape):
    pool: Name
    quantity: Annotated[int, Field(ge=1, le=1_000_000_000)]
    needed_by: Instant | None = None


def _quantity(given: Quantity) -> commitment.Quantity:
    return commitment.Quantity(given.pool, given.quantity, given.needed_by)


class TermsChange(Shape):
    """The terms to change; what is left out stays as it is."""

    deliverable: Text | None = None
    conditions: Annotated[tuple[Text, ...], Field(max_length=50)] | None = None
    quantities: Annotated[tuple[Quantity, ...], Field(max_length=50)] | None = None
    deliver_by: Instant | None = None

    def change(self) -> commitment.TermsChange:
        return commitment.TermsChange(
            deliverable=self.deliverable,
            conditions=self.conditions,
            quantities=None if self.quantities is None else tuple(map(_quantity, self.quantities)),
            deliver_by=self.deliver_by,
        )


class Request(StepBody):
    reason: Text
    terms: TermsChange | None = None

    def act(self, step: str) -> acts.StepAct:
        return acts.Request(step, self.reason, self.terms.change() if self.terms else None)


class Waive(StepBody):
    reason: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Waive(step, self.reason)


class LaunchBody(Shape, ABC):
    """The body of an act on a whole launch."""

    @abstractmethod
    def act(self) -> acts.LaunchAct:
        """The act this body asks for."""


class Stop(LaunchBody):
    reason: Text

    def act(self) -> acts.LaunchAct:
        return acts.StopLaunch(self.reason)


class Resume(LaunchBody):
    reason: Text

    def act(self) -> acts.LaunchAct:
        return acts.ResumeLaunch(self.reason)


class Cancel(LaunchBody):
    reason: Text

    def act(self) -> acts.LaunchAct:
        return acts.CancelLaunch(self.reason)


class FindingWaive(LaunchBody):
    finding: Name
    reason: Text

    def act(self) -> acts.LaunchAct:
        return acts.WaiveFinding(self.finding, self.reason)


class EscalationCreate(LaunchBody):
    reason: Text
    step: Name | None = None

    def act(self) -> acts.LaunchAct:
        return acts.Escalate(self.reason, self.step)


class EscalationBody(Shape, ABC):
    """The body of an act on an escalation."""

    @abstractmethod
    def act(self, escalation: str) -> acts.EscalationAct:
        """The act this body asks for."""


class EscalationAcknowledge(EscalationBody):
    note: Text | None = None

    def act(self, escalation: str) -> acts.EscalationAct:
        return acts.AcknowledgeEscalation(escalation, self.note)


class EscalationResolve(EscalationBody):
    """`answer_by` goes with extend and only there, `to` with reassign."""

    resolution: Literal["extend", "reassign", "waive", "cancel", "dismiss"]
    reason: Text
    answer_by: Instant | None = None
    to: Name | None = None

    def act(self, escalation: str) -> acts.EscalationAct:
        self._belongs("answer_by", self.answer_by, "extend")
        self._belongs("to", self.to, "reassign")
        return acts.ResolveEscalation(
            escalation, self.resolution, self.reason, answer_by=self.answer_by, to=self.to
        )

    def _belongs(self, field: str, value: object, resolution: str) -> None:
        if self.resolution == resolution and value is None:
            raise Invalid(field, f"is missing; {resolution} needs it")
        if self.resolution != resolution and value is not None:
            raise Invalid(field, f"goes with {resolution} only")


STEP_BODIES: Final[dict[str, type[StepBody]]] = {
    "acknowledge": Acknowledge,
    "ask": Ask,
    "reply": Reply,
    "sign": Sign,
    "decline": Decline,
    "report": Report,
    "accept": Accept,
    "reject": Reject,
    "request": Request,
    "waive": Waive,
}
LAUNCH_BODIES: Final[dict[str, type[LaunchBody]]] = {
    "stop": Stop,
    "resume": Resume,
    "cancel": Cancel,
    "finding-waive": FindingWaive,
}
ESCALATION_BODIES: Final[dict[str, type[EscalationBody]]] = {
    "acknowledge": EscalationAcknowledge,
    "resolve": EscalationResolve,
}
