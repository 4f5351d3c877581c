"""Request bodies of the acts on launches and escalations; each builds its act.

What a body means is decided by the domain; here is only whether it can be understood.
"""

from abc import ABC, abstractmethod
from typing import Final

from pydantic import SkipValidation

from api.intake.plan_document import PlanChangeDocument, WindowDocument
from api.shapes import Instant, Name, Shape, Text
from domain import acts
from domain.errors import Invalid
from domain.plan_change import PlanChange


class LaunchBody(Shape, ABC):
    """The body of an act on a whole launch."""

    @abstractmethod
    def act(self) -> acts.LaunchAct:
        """The act this body asks for."""


class AmendPlan(LaunchBody):
    """`plan` are the changed fields."""

    plan: SkipValidation[PlanChangeDocument]
    reason: Text

    def act(self) -> acts.LaunchAct:
        """What `plan` means is read afterwards, against the launch."""
        return acts.AmendPlan(PlanChange(()), self.reason)


class DelegatePlanning(LaunchBody):
    to: Name
    until: Instant
    reason: Text

    def act(self) -> acts.LaunchAct:
        return acts.DelegatePlanning(self.to, self.until, self.reason)


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


class InboxRead(Shape):
    """Which notices are read: those of one launch, those told up to an instant, or all."""

    launch: Name | None = None
    until: Instant | None = None


class EscalationBody(Shape, ABC):
    """The body of an act on an escalation."""

    @abstractmethod
    def act(self, escalation: str) -> acts.EscalationAct:
        """The act this body asks for."""


class EscalationAcknowledge(EscalationBody):
    note: Text | None = None

    def act(self, escalation: str) -> acts.EscalationAct:
        return acts.AcknowledgeEscalation(escalation, self.note)


class EscalationComment(EscalationBody):
    text: Text

    def act(self, escalation: str) -> acts.EscalationAct:
        return acts.CommentOnEscalation(escalation, self.text)


class EscalationResolve(EscalationBody):
    """`answer_by` goes with extend and only there, `to` with reassign, `window` with postpone."""

    resolution: acts.Settlement
    reason: Text
    answer_by: Instant | None = None
    to: Name | None = None
    window: SkipValidation[WindowDocument] | None = None

    def act(self, escalation: str) -> acts.EscalationAct:
        """What `window` means is read afterwards, against the launch."""
        self._belongs("answer_by", self.answer_by, "extend")
        self._belongs("to", self.to, "reassign")
        self._belongs("window", self.window, "postpone")
        return acts.ResolveEscalation(
            escalation, self.resolution, self.reason, answer_by=self.answer_by, to=self.to
        )

    def _belongs(self, field: str, value: object, resolution: str) -> None:
        if self.resolution == resolution and value is None:
            raise Invalid(field, f"is missing; {resolution} needs it")
        if self.resolution != resolution and value is not None:
            raise Invalid(field, f"goes with {resolution} only")


LAUNCH_BODIES: Final[dict[str, type[LaunchBody]]] = {
    "amend": AmendPlan,
    "delegate": DelegatePlanning,
    "stop": Stop,
    "resume": Resume,
    "cancel": Cancel,
    "finding-waive": FindingWaive,
}
ESCALATION_BODIES: Final[dict[str, type[EscalationBody]]] = {
    "acknowledge": EscalationAcknowledge,
    "comment": EscalationComment,
    "resolve": EscalationResolve,
}
