"""What people are told although nothing is asked of them: that what they have signed is void, that
somebody answered them, that a due is near. What is asked of them stands in their inbox anyway.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain import events
from domain.commitment import Commitment
from domain.inbox import inbox_items
from domain.launch import Launch
from domain.waiting import WANTED

NoticeKind = Literal[
    "reminder",
    "voided",
    "postponed",
    "counter_accepted",
    "counter_answered",
    "withdrawn",
    "cancelled",
    "released",
    "release_refused",
    "accepted",
    "rejected",
    "standing_in",
    "stopped",
    "resumed",
    "escalation_comment",
    "escalation_settled",
    "stand_down",
]


@dataclass(frozen=True, slots=True)
class Notice:
    """`people` are told of one entry; `text` is what somebody said with it."""

    kind: NoticeKind
    people: tuple[str, ...]
    step: str | None = None
    text: str | None = None


def notices_of(before: Launch, entry: events.Entry, after: Launch) -> tuple[Notice, ...]:
    """Whom an entry tells what. Nobody is told of the own act, and nobody twice."""
    told = _on_launch(before, entry, after)
    event = entry.event
    if isinstance(event, events.CommitmentEvent):
        told = _on_step(before.step(event.step), after, entry)
    return tuple(
        Notice(notice.kind, people, notice.step, notice.text)
        for notice in told
        if (people := _others(notice.people, entry.actor))
    )


def _on_step(before: Commitment, after: Launch, entry: events.Entry) -> Iterator[Notice]:
    event = entry.event
    match event:
        case events.ReminderSent():
            yield Notice("reminder", _waited_on(after, event), event.step)
        case events.CommitmentSuperseded():
            yield Notice("voided", _signers(before), event.step, event.reason)
        case events.CounterAccepted():
            yield Notice("counter_accepted", _offered_by(before), event.step)
            yield Notice("voided", _signed_what_was_asked(before), event.step)
        case events.CommitmentReturned():
            yield Notice("voided", _promised_in_part(before), event.step)
        case events.TermsAmended():
            yield Notice("counter_answered", _offered_by(before), event.step, event.reason)
            yield Notice("voided", _signed_before(before), event.step, event.reason)
        case events.CommitmentWithdrawn():
            yield Notice("withdrawn", _signers(before), event.step, event.reason)
        case events.CommitmentCancelled(reason=str()):
            yield Notice("cancelled", _signers(before), event.step, event.reason)
        case events.CommitmentCancelled() if before.ran_seq is None:
            # Who signed a step that ran is told as it is undone.
            yield Notice("stand_down", _signers(before), event.step)
        case events.CommitmentReleased():
            yield Notice("released", _asked_by(before), event.step, event.reason)
        case events.ReleaseRefused():
            yield Notice("release_refused", _asked_by(before), event.step, event.note)
        case events.DeliveryAccepted():
            yield Notice("accepted", _reported_by(before), event.step, event.note)
        case events.DeliveryRejected():
            yield Notice("rejected", _reported_by(before), event.step, event.reason)
        case events.CommitmentDelegated():
            yield Notice("standing_in", (event.to,), event.step, event.reason)
        case _:
            return


def _on_launch(before: Launch, entry: events.Entry, after: Launch) -> Iterator[Notice]:
    event = entry.event
    match event:
        case events.PlanAmended() if event.postponed:
            promised = (c for c in after.steps if c.key in event.postponed)
            yield Notice("postponed", _signers_of(promised), text=event.reason)
        case events.PlanningDelegated():
            yield Notice("standing_in", (event.to,), text=event.reason)
        case events.LaunchStopped():
            yield Notice("stopped", _signers_of(after.steps), text=event.reason)
        case events.LaunchResumed():
            yield Notice("resumed", _signers_of(after.steps), text=event.reason)
        case events.EscalationCommented():
            known = before.escalation(event.escalation)
            said = (remark.by for remark in known.thread)
            yield Notice("escalation_comment", tuple(said), event.step, event.text)
        case events.EscalationResolved() if before.escalation(event.escalation).cause == "manual":
            raised_by = before.escalation(event.escalation).raised_by
            yield Notice("escalation_settled", (raised_by,), event.step, event.reason)
        case _:
            return


def _others(people: Iterable[str], actor: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for p in people if p not in (actor, events.SYSTEM)))


def _waited_on(launch: Launch, event: events.ReminderSent) -> tuple[str, ...]:
    """Of the step, those in whose inbox a clock stands; a planner who reminds knows."""
    clocks = WANTED if event.clock is None else (event.clock,)
    wanted = {WANTED[clock] for clock in clocks}
    return tuple(
        person
        for item in inbox_items(launch)
        if item.step == event.step and item.kind in wanted
        for person in (*(p for post in item.posts for p in launch.holders(post)), item.person)
        if person is not None and person not in item.without
    )


def _signers(commitment: Commitment) -> tuple[str, ...]:
    """Everybody whose signature the version holds, one on a condition included."""
    waiting = commitment.conditional
    given = (*commitment.signatures, *((waiting.signature,) if waiting else ()))
    return tuple(signature.person for signature in given)


def _signers_of(commitments: Iterable[Commitment]) -> tuple[str, ...]:
    return tuple(person for c in commitments for person in _signers(c))


def _signed_before(commitment: Commitment) -> tuple[str, ...]:
    """Who signed what was asked, where no counter-offer took its place."""
    return () if commitment.state == "countered" else _signers(commitment)


def _signed_what_was_asked(commitment: Commitment) -> tuple[str, ...]:
    """Who signed the terms in whose place an offer comes."""
    offered = commitment.versions[-1:] if commitment.state == "countered" else ()
    return tuple(signature.person for version in offered for signature in version.signatures)


def _promised_in_part(commitment: Commitment) -> tuple[str, ...]:
    """Whose signature on a condition, or offer, is none any more where a step waits again."""
    waiting = commitment.conditional
    return (*((waiting.signature.person,) if waiting else ()), *_offered_by(commitment))


def _offered_by(commitment: Commitment) -> tuple[str, ...]:
    offer = commitment.proposal if commitment.state == "countered" else None
    return () if offer is None else (offer.by,)


def _asked_by(commitment: Commitment) -> tuple[str, ...]:
    asked = commitment.release_asked
    return () if asked is None else (asked.by,)


def _reported_by(commitment: Commitment) -> tuple[str, ...]:
    return (commitment.deliveries[-1].by,) if commitment.deliveries else ()
