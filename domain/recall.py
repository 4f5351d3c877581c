"""The acts that a ledger tells of, made again from their events.

An event says what its act said, in the launch it met; who acted and in which posts stands in the
act's signed envelope. What is made again is what was signed, but for changes that changed nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain import acts, events
from domain.acts import Act, Actor, Rating
from domain.launch import Launch
from domain.plan_change import PlanChange, changed_fields, changed_plan
from domain.signature import is_digest_of
from domain.terms import Terms, TermsChange, replanned_terms

Envelope = Mapping[str, Any]


class Untold(ValueError):
    """The ledger does not tell what an act said."""


CONSEQUENCES: Final = (
    events.FindingRaised,
    events.FindingCleared,
    events.CommitmentSuperseded,
)
"""What may come of an act before the event that tells of it."""


def recall(before: Launch | None, told: Sequence[events.Event], envelope: Envelope) -> acts.Command:
    """The command whose decision began with these events, in the launch it met (None: the start).

    `envelope` is the payload of its JWS, or its plain fields. Untold where no act fits.
    """
    actor = Actor(
        person=envelope["person"],
        role=envelope["role"],
        roles=tuple(envelope["roles"]),
        on_behalf_of=envelope["on_behalf_of"],
    )
    return acts.Command(_act(before, told, envelope), envelope["command"], actor)


def _act(before: Launch | None, told: Sequence[events.Event], envelope: Envelope) -> Act:
    if envelope["act"] == "resolve-escalation" and before is not None:
        return _settlement(before, told, envelope)
    wanted: str = envelope["act"]
    for event in told:
        if wanted == "accept-counter" and not isinstance(event, events.CounterAccepted):
            continue
        act = act_of(event) or (_in_launch(before, event) if before is not None else None)
        if act is not None and act.kind == wanted:
            return act
        if not isinstance(event, CONSEQUENCES):
            break
    message = f"the ledger does not tell what “{wanted}” said"
    raise Untold(message)


def _in_launch(before: Launch, event: events.Event) -> Act | None:
    """The act of an event that says the outcome, from what the act found."""
    match event:
        case events.CommitmentAcknowledged():
            return acts.Acknowledge(event.step, event.answer_by)
        case events.CounterOffered():
            change = _offer(before, event)
            return acts.Counter(event.step, change, event.reason, event.plan)
        case events.TermsAmended():
            terms = _difference(before.step(event.step).terms, event.terms)
            return acts.Amend(event.step, terms or TermsChange(), event.reason)
        case events.AttemptRenewed():
            terms = _difference(before.step(event.step).terms, event.terms)
            return acts.Request(event.step, event.reason, terms)
        case events.WaiverOpened() | events.CommitmentWaived():
            return acts.Waive(event.step, event.reason)
        case events.FindingWaiverOpened() | events.FindingWaived():
            return acts.WaiveFinding(event.finding, event.reason)
        case events.PlanAmended():
            fields = changed_fields(before.plan, event.plan)
            return acts.AmendPlan(PlanChange.of(event.plan, fields), event.reason)
        case events.LaunchCancelled():
            return acts.CancelLaunch(event.reason)
        case events.EscalationRaised():
            return acts.Escalate(event.reason, event.step)
        case events.EscalationAcknowledged():
            return acts.AcknowledgeEscalation(event.escalation, event.note)
        case _:
            return None


def _offer(before: Launch, event: events.CounterOffered) -> TermsChange | None:
    """What the offer changes beside what the plan it is for asks."""
    asked = before.step(event.step).terms
    if event.plan is not None:
        plan = changed_plan(before.plan, event.plan, before.calendar)
        asked = replanned_terms(asked, event.step, before.plan, plan)
    return _difference(asked, event.terms)


def _difference(before: Terms, after: Terms) -> TermsChange | None:
    if before == after:
        return None
    return TermsChange(
        deliverable=None if before.deliverable == after.deliverable else after.deliverable,
        conditions=None if before.conditions == after.conditions else after.conditions,
        quantities=None if before.quantities == after.quantities else after.quantities,
        deliver_by=None if before.deliver_by == after.deliver_by else after.deliver_by,
    )


def _settlement(before: Launch, told: Sequence[events.Event], envelope: Envelope) -> Act:
    """How an escalation was settled. The first half of a waiver leaves it open and unnamed: then it
    is the one that was signed for.
    """
    first = told[0]
    if isinstance(first, events.EscalationResolved):
        return _resolved(first, told)
    if isinstance(first, events.WaiverOpened):
        settled = [
            acts.ResolveEscalation(escalation.id, "waive", first.reason)
            for escalation in before.escalations
            if escalation.is_open and escalation.step == first.step
        ]
        signed = (act for act in settled if is_digest_of(envelope["body_digest"], act))
        if settled:
            return next(signed, settled[0])
    message = "the ledger does not tell how the escalation was settled"
    raise Untold(message)


def _resolved(first: events.EscalationResolved, told: Sequence[events.Event]) -> Act:
    if first.resolution == "answered":
        message = f"{first.escalation} was settled by nobody"
        raise Untold(message)
    extended = (e.answer_by for e in told if isinstance(e, events.AnswerExtended))
    reassigned = (e.person for e in told if isinstance(e, events.PerformerReassigned))
    postponed = (e.plan.window for e in told if isinstance(e, events.PlanAmended))
    by_act = first.resolution
    return acts.ResolveEscalation(
        first.escalation,
        by_act,
        first.reason or "",
        answer_by=next(extended, None) if by_act == "extend" else None,
        to=next(reassigned, None) if by_act == "reassign" else None,
        window=next(postponed, None) if by_act == "postpone" else None,
    )


def act_of(event: events.Event | None) -> Act | None:
    """The act that an event repeats word for word; None where an event says less than its act."""
    match event:
        case events.LaunchStarted():
            return acts.StartLaunch(event.launch, event.plan, event.calendar, event.staff)
        case events.CommitmentSigned() | events.SignatureGiven():
            return acts.Sign(event.step, event.digest, event.note)
        case events.SignedConditionally():
            return acts.Sign(event.step, event.digest, event.note, event.condition)
        case events.CounterAccepted():
            return acts.AcceptCounter(event.step, event.digest)
        case events.CounterWithdrawn():
            return acts.WithdrawCounter(event.step, event.note)
        case events.CommitmentDeclined():
            return acts.Decline(event.step, event.reason)
        case events.DeliveryReported():
            return acts.Report(event.step, event.evidence, event.link)
        case events.DeliveryAccepted():
            ratings = tuple(Rating(condition, score) for condition, score in event.ratings)
            return acts.Accept(event.step, ratings, event.note)
        case events.DeliveryRejected():
            return acts.Reject(event.step, event.reason)
        case events.QuestionAsked():
            return acts.Ask(event.step, event.text)
        case events.QuestionAnswered():
            return acts.Reply(event.step, event.text)
        case events.LaunchStopped():
            return acts.StopLaunch(event.reason)
        case events.LaunchResumed():
            return acts.ResumeLaunch(event.reason)
        case _:
            return _taking_back(event)


def _taking_back(event: events.Event | None) -> Act | None:
    match event:
        case events.CommitmentWithdrawn():
            return acts.Withdraw(event.step, event.reason)
        case events.ReportRetracted():
            return acts.RetractReport(event.step, event.note)
        case events.ReleaseRequested():
            return acts.RequestRelease(event.step, event.reason)
        case events.CommitmentReleased():
            return acts.AllowRelease(event.step, event.reason)
        case events.ReleaseRefused():
            return acts.RefuseRelease(event.step, event.note)
        case events.CommitmentRevoked():
            return acts.Revoke(event.step, event.reason)
        case events.FactConfirmed():
            return acts.Confirm(event.step, event.fact)
        case events.PlanningDelegated():
            return acts.DelegatePlanning(event.to, event.until, event.reason)
        case events.EscalationCommented():
            return acts.CommentOnEscalation(event.escalation, event.text)
        case events.CommitmentDelegated():
            return acts.Delegate(event.step, event.to, event.until, event.reason)
        case events.ReminderSent(clock=None):
            return acts.Remind(event.step)
        case events.CommitmentCancelled(reason=str(reason)):
            return acts.CancelCommitment(event.step, reason)
        case _:
            return None
