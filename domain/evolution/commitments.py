"""Events of one commitment: from request to acceptance, and every other end."""

from datetime import datetime
from typing import assert_never

from domain import events
from domain.changing import replace
from domain.clocks import Clock, StepClockKind, started
from domain.commitment import Attempt, Commitment, Delegate, Delivery, Performer, Waiver
from domain.evolution.findings import without_finding_waivers
from domain.evolution.negotiation import ended, negotiated, repair_clock, uncountered
from domain.evolution.placing import (
    kept_shift,
    left_of,
    with_step,
    with_step_clock,
    without_clocks,
)
from domain.evolution.standing_in import stood_in, unconditional
from domain.launch import Launch
from domain.terms import Signature

ANSWERS = (
    events.CommitmentAcknowledged,
    events.QuestionAsked,
    events.QuestionAnswered,
    events.SignatureGiven,
    events.CommitmentSigned,
    events.CommitmentDeclined,
    events.DeliveryReported,
    events.DeliveryAccepted,
    events.DeliveryRejected,
    events.AttemptRenewed,
    events.AnswerExtended,
    events.PerformerReassigned,
    events.CounterOffered,
    events.CounterAccepted,
    events.CounterWithdrawn,
    events.TermsAmended,
    events.CommitmentWithdrawn,
    events.ReportRetracted,
    events.ReleaseRequested,
    events.ReleaseRefused,
    events.CommitmentReleased,
    events.CommitmentRevoked,
    events.CommitmentSuperseded,
    events.SignedConditionally,
    events.FactConfirmed,
    events.CommitmentDelegated,
    events.ReminderSent,
)
"""Acts on the step by somebody: each voids a waiver that was opened before it."""


def evolve_commitment(launch: Launch, entry: events.Entry, event: events.CommitmentEvent) -> Launch:
    """The launch after something happened to one of its commitments."""
    commitment = launch.step(event.step)
    by_clock = isinstance(event, events.ReminderSent) and event.clock is not None
    if isinstance(event, ANSWERS) and not by_clock:
        commitment = replace(commitment, waiver=None)
        launch = without_finding_waivers(launch, event.step)
    changed = _changed(commitment, entry, event)
    if isinstance(event, events.PerformerReassigned):
        changed = replace(changed, delegate=_still_standing_in(launch, commitment, event))
    if launch.plan.kind == "lesson":
        changed = replace(changed, delivery=None)  # With the signature it is done.
    return with_step(launch, changed)


def _still_standing_in(
    launch: Launch, commitment: Commitment, event: events.PerformerReassigned
) -> Delegate | None:
    """Who stands in for a holder of the post that performs now; nobody else does any more."""
    given = commitment.delegate
    post = f"{event.role}:{commitment.plan.module}"
    return given if given is not None and given.by in launch.holders(post) else None


def _changed(
    commitment: Commitment, entry: events.Entry, event: events.CommitmentEvent
) -> Commitment:
    at = entry.at
    if isinstance(event, events.NegotiationEvent):
        return negotiated(commitment, entry, event)
    if isinstance(event, events.StandingInEvent):
        return stood_in(commitment, entry, event)
    match event:
        case events.CommitmentRequested() | events.AttemptRenewed():
            return _asked(commitment, at, event)
        case events.SignatureGiven() | events.CommitmentSigned() | events.CommitmentDeemed():
            return _promised(commitment, entry, event)
        case events.CommitmentDeclined() | events.CommitmentLapsed():
            return _refused(commitment, at, event)
        case (
            events.CommitmentAcknowledged()
            | events.QuestionAsked()
            | events.QuestionAnswered()
            | events.AnswerExtended()
            | events.PerformerReassigned()
        ):
            return _talked(commitment, at, event)
        case events.DeliveryReported() | events.DeliveryAccepted() | events.DeliveryRejected():
            return _delivered(commitment, entry, event)
        case events.AnswerOverdue() | events.ClockOverdue():
            return _overdue(commitment, event)
        case events.StepRan():
            return replace(commitment, ran_seq=entry.seq)
        case events.WaiverOpened():
            return replace(commitment, waiver=Waiver(entry.actor, event.reason, at))
        case events.CommitmentWaived():
            asked = unconditional(uncountered(commitment))
            waived = replace(asked, release_asked=None, upstream_open=False)
            return replace(without_clocks(waived), state="waived", ended_at=at, reason=event.reason)
        case events.CommitmentCancelled():
            repair = repair_clock(at, event.repair_by, event.next_at)
            if repair is None:
                return replace(without_clocks(commitment), state="cancelled", ended_at=at)
            unwaived = replace(commitment, waiver=None)
            return ended(unwaived, "cancelled", at, reason=event.reason, repair=repair)
        case events.CommitmentBreached():
            return replace(without_clocks(commitment), breached=True)
        case _:
            assert_never(event)


def _asked(
    commitment: Commitment,
    at: datetime,
    event: events.CommitmentRequested | events.AttemptRenewed,
) -> Commitment:
    if isinstance(event, events.AttemptRenewed):
        return _renewed(commitment, at, event)
    return replace(
        commitment,
        state="requested",
        version=event.version,
        terms=event.terms,
        digest=event.digest,
        requested_at=at,
        answer=started("answer", at, event.answer_by),
    )


def _renewed(commitment: Commitment, at: datetime, event: events.AttemptRenewed) -> Commitment:
    """The ended attempt is kept; the repair clock pauses with what is left of it."""
    ended = Attempt(
        attempt=commitment.attempt,
        state=commitment.state,
        version=commitment.version,
        digest=commitment.digest,
        terms=commitment.terms,
        signatures=commitment.signatures,
        requested_at=commitment.requested_at,
        ended_at=commitment.ended_at or at,
        reason=commitment.reason,
        proposal=commitment.proposal,
        versions=commitment.versions,
        deemed=commitment.deemed,
    )
    return Commitment(
        plan=commitment.plan,
        terms=event.terms,
        digest=event.digest,
        attempt=event.attempt,
        version=event.version,
        attempts=(*commitment.attempts, ended),
        repair_left=left_of(commitment.repair, at),
        delegate=commitment.delegate,
        shift=kept_shift(commitment, event.terms),
    )


def _promised(
    commitment: Commitment,
    entry: events.Entry,
    event: events.SignatureGiven | events.CommitmentSigned | events.CommitmentDeemed,
) -> Commitment:
    at = entry.at
    signatures = commitment.signatures
    if not isinstance(event, events.CommitmentDeemed):
        signed = Signature(
            person=event.person,
            role=event.role,
            on_behalf_of=event.on_behalf_of,
            version=event.version,
            digest=event.digest,
            at=at,
            jws=entry.jws,
            note=event.note,
        )
        signatures = (*signatures, signed)
    if isinstance(event, events.SignatureGiven):
        answered_at = commitment.answered_at or at
        return replace(commitment, signatures=signatures, answered_at=answered_at)
    return replace(
        without_clocks(unconditional(commitment)),
        state="signed",
        signatures=signatures,
        answered_at=commitment.answered_at or at,
        deemed=isinstance(event, events.CommitmentDeemed),
        delivery=started("delivery", at, commitment.due),
    )


def _refused(
    commitment: Commitment,
    at: datetime,
    event: events.CommitmentDeclined | events.CommitmentLapsed,
) -> Commitment:
    repair = repair_clock(at, event.repair_by, event.next_at)
    if isinstance(event, events.CommitmentLapsed):
        return ended(commitment, "lapsed", at, reason=None, repair=repair)
    answered = replace(commitment, answered_at=commitment.answered_at or at)
    return ended(answered, "declined", at, reason=event.reason, repair=repair)


def _talked(
    commitment: Commitment,
    at: datetime,
    event: events.CommitmentAcknowledged
    | events.QuestionAsked
    | events.QuestionAnswered
    | events.AnswerExtended
    | events.PerformerReassigned,
) -> Commitment:
    match event:
        case events.QuestionAsked():
            reply = commitment.reply or started("reply", at, event.reply_by)
            return replace(commitment, reply=reply)
        case events.QuestionAnswered():
            return replace(commitment, reply=None)
        case events.CommitmentAcknowledged():
            acknowledged = commitment.acknowledged or event.answer_by is not None
            moved = replace(commitment, acknowledged=acknowledged)
            return _with_answer(moved, at, event.answer_by)
        case events.AnswerExtended():
            return _with_answer(commitment, at, event.answer_by)
        case events.PerformerReassigned():
            performer = Performer(event.role, event.person)
            reassigned = replace(commitment, performer=performer, delegate=None)
            return _with_answer(reassigned, at, event.answer_by)


def _with_answer(commitment: Commitment, at: datetime, answer_by: datetime | None) -> Commitment:
    """The answer clock starts anew towards another due; None leaves it alone."""
    if answer_by is None or commitment.answer is None:
        return commitment
    anew = started("answer", commitment.answer.since, answer_by)
    return replace(commitment, answer=replace(anew, renewed_at=at))


def _delivered(
    commitment: Commitment,
    entry: events.Entry,
    event: events.DeliveryReported | events.DeliveryAccepted | events.DeliveryRejected,
) -> Commitment:
    at = entry.at
    if isinstance(event, events.DeliveryReported):
        claimed = Delivery(by=entry.actor, at=at, evidence=event.evidence, link=event.link)
        return replace(
            commitment,
            state="reported",
            deliveries=(*commitment.deliveries, claimed),
            release_asked=None,
            release=None,
            acceptance=started("acceptance", at, event.judge_by),
        )
    accepted = isinstance(event, events.DeliveryAccepted)
    judged = replace(
        commitment.deliveries[-1],
        judged_by=entry.actor,
        judged_at=at,
        accepted=accepted,
        reason=event.reason if isinstance(event, events.DeliveryRejected) else event.note,
    )
    deliveries = (*commitment.deliveries[:-1], judged)
    if accepted:
        ended = replace(without_clocks(commitment), state="accepted", ended_at=at)
        return replace(ended, deliveries=deliveries)
    return replace(
        commitment,
        state="signed",
        deliveries=deliveries,
        acceptance=None,
    )


def _overdue(
    commitment: Commitment, event: events.AnswerOverdue | events.ClockOverdue
) -> Commitment:
    kind: StepClockKind = "answer" if isinstance(event, events.AnswerOverdue) else event.clock
    clock: Clock | None = getattr(commitment, kind)
    if clock is None:
        return commitment
    return with_step_clock(commitment, kind, replace(clock, overdue=True, next_at=event.next_at))
