"""Request bodies of the acts on a step; each builds its act.

What a body means is decided by the domain; here is only whether it can be understood.
"""

from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, SkipValidation, model_validator

from api.intake.fields import refuse
from api.intake.plan_document import PlanChangeDocument
from api.shapes import Instant, Link, Name, Shape, Text
from domain import acts
from domain import terms as domain_terms
from domain.errors import Invalid


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


class Condition(Shape):
    """What a signature waits for until `by`: a `step` that `reaches` a state, or a `fact`."""

    by: Instant
    step: Name | None = None
    reaches: Literal["signed", "accepted"] | None = None
    fact: Text | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Condition":
        if (self.step is None) != (self.reaches is None) or (self.step is None) == (
            self.fact is None
        ):
            raise refuse("invalid", "must be {step, reaches, by} or {fact, by}")
        return self


class Sign(StepBody):
    """With a `condition` the signature holds as soon as that does."""

    terms_digest: Name
    note: Text | None = None
    condition: Condition | None = None

    def act(self, step: str) -> acts.StepAct:
        given, condition = self.condition, None
        if given is not None:
            condition = domain_terms.Condition(given.by, given.step, given.reaches, given.fact)
        return acts.Sign(step, self.terms_digest, self.note, condition)


class Confirm(StepBody):
    fact: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Confirm(step, self.fact)


class Remind(StepBody):
    """Nothing is to be said."""

    def act(self, step: str) -> acts.StepAct:
        return acts.Remind(step)


class Delegate(StepBody):
    to: Name
    until: Instant
    reason: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Delegate(step, self.to, self.until, self.reason)


class AcceptCounter(StepBody):
    terms_digest: Name

    def act(self, step: str) -> acts.StepAct:
        return acts.AcceptCounter(step, self.terms_digest)


class WithNote(StepBody):
    """An act that needs no words, and may have some."""

    kind: ClassVar[Any]
    note: Text | None = None

    def act(self, step: str) -> acts.StepAct:
        made: acts.StepAct = self.kind(step, self.note)
        return made


class WithReason(StepBody):
    """An act that nobody does without saying why."""

    kind: ClassVar[Any]
    reason: Text

    def act(self, step: str) -> acts.StepAct:
        made: acts.StepAct = self.kind(step, self.reason)
        return made


class WithdrawCounter(WithNote):
    kind = acts.WithdrawCounter


class RetractReport(WithNote):
    kind = acts.RetractReport


class AllowRelease(WithNote):
    kind = acts.AllowRelease


class RefuseRelease(WithNote):
    kind = acts.RefuseRelease


class Decline(WithReason):
    kind = acts.Decline


class Withdraw(WithReason):
    kind = acts.Withdraw


class RequestRelease(WithReason):
    kind = acts.RequestRelease


class Revoke(WithReason):
    kind = acts.Revoke


class CancelCommitment(WithReason):
    kind = acts.CancelCommitment


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


class Reject(WithReason):
    kind = acts.Reject


class Quantity(Shape):
    pool: Name
    quantity: Annotated[int, Field(ge=1, le=1_000_000_000)]
    needed_by: Instant | None = None


def _quantity(given: Quantity) -> domain_terms.Quantity:
    return domain_terms.Quantity(given.pool, given.quantity, given.needed_by)


class TermsChange(Shape):
    """The terms to change; what is left out stays as it is."""

    deliverable: Text | None = None
    conditions: Annotated[tuple[Text, ...], Field(max_length=50)] | None = None
    quantities: Annotated[tuple[Quantity, ...], Field(max_length=50)] | None = None
    deliver_by: Instant | None = None

    def change(self) -> domain_terms.TermsChange:
        return domain_terms.TermsChange(
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


class Counter(StepBody):
    """`terms` and `plan` are changed fields; at least one of the two is named."""

    terms: TermsChange | None = None
    plan: SkipValidation[PlanChangeDocument] | None = None
    reason: Text

    def act(self, step: str) -> acts.StepAct:
        """What `plan` means is read afterwards, against the launch."""
        if self.terms is None and self.plan is None:
            raise Invalid("terms", "is missing; a counter-offer changes terms, plan or both")
        return acts.Counter(step, self.terms.change() if self.terms else None, self.reason)


class Amend(StepBody):
    """`terms` are the changed fields."""

    terms: TermsChange
    reason: Text

    def act(self, step: str) -> acts.StepAct:
        return acts.Amend(step, self.terms.change(), self.reason)


class Waive(WithReason):
    kind = acts.Waive


STEP_BODIES: Final[dict[str, type[StepBody]]] = {
    "acknowledge": Acknowledge,
    "ask": Ask,
    "reply": Reply,
    "sign": Sign,
    "counter": Counter,
    "accept-counter": AcceptCounter,
    "withdraw-counter": WithdrawCounter,
    "amend": Amend,
    "decline": Decline,
    "withdraw": Withdraw,
    "report": Report,
    "retract-report": RetractReport,
    "accept": Accept,
    "reject": Reject,
    "request-release": RequestRelease,
    "allow-release": AllowRelease,
    "refuse-release": RefuseRelease,
    "revoke": Revoke,
    "cancel": CancelCommitment,
    "request": Request,
    "delegate": Delegate,
    "waive": Waive,
    "confirm": Confirm,
    "remind": Remind,
}
