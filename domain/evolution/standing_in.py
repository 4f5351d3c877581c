"""Events around a signature: conditions, delegates, reminders."""

from typing import assert_never

from domain import events
from domain.changing import replace
from domain.clocks import started
from domain.commitment import Commitment, Delegate
from domain.evolution.placing import with_step_clock, without_clocks
from domain.terms import Conditional, Signature


def stood_in(
    commitment: Commitment, entry: events.Entry, event: events.StandingInEvent
) -> Commitment:
    """The commitment after one of these events."""
    at = entry.at
    match event:
        case events.SignedConditionally():
            return _signed_conditionally(commitment, entry, event)
        case events.FactConfirmed():
            waiting = commitment.conditional
            confirmed = None if waiting is None else replace(waiting, confirmed=True)
            return replace(commitment, conditional=confirmed)
        case events.ConditionMet():
            return _met(commitment, entry, event)
        case events.ConditionLapsed():
            answer = started("answer", at, event.answer_by)
            return replace(unconditional(commitment), answer=answer)
        case events.CommitmentDelegated():
            given = Delegate(event.to, event.until, event.on_behalf_of, event.reason)
            return replace(commitment, delegate=given)
        case events.DelegationEnded():
            return replace(commitment, delegate=None)
        case events.ReminderSent():
            clock = None if event.clock is None else commitment.clock(event.clock)
            told = replace(commitment, reminded_at=at)
            if clock is None or event.clock is None:
                return told
            return with_step_clock(told, event.clock, replace(clock, reminded=True))
        case _:
            assert_never(event)


def unconditional(commitment: Commitment) -> Commitment:
    """The commitment without the signature that waits for a condition."""
    return replace(commitment, conditional=None, condition=None)


def _signed_conditionally(
    commitment: Commitment, entry: events.Entry, event: events.SignedConditionally
) -> Commitment:
    signature = Signature(
        person=event.person,
        role=event.role,
        on_behalf_of=event.on_behalf_of,
        version=event.version,
        digest=event.digest,
        at=entry.at,
        jws=entry.jws,
        note=event.note,
    )
    return replace(
        commitment,
        conditional=Conditional(signature, event.condition),
        condition=started("condition", entry.at, event.condition.by),
        answered_at=commitment.answered_at or entry.at,
        answer=None,
    )


def _met(commitment: Commitment, entry: events.Entry, event: events.ConditionMet) -> Commitment:
    waiting = commitment.conditional
    signatures = commitment.signatures + ((waiting.signature,) if waiting else ())
    free = replace(unconditional(commitment), signatures=signatures)
    if event.answer_by is not None:
        return replace(free, answer=started("answer", entry.at, event.answer_by))
    delivery = started("delivery", entry.at, commitment.due)
    return replace(without_clocks(free), state="signed", delivery=delivery)
