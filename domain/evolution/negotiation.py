"""Events of negotiation, of promises taken back, and of what that does along the chain."""

from datetime import datetime
from typing import assert_never

from domain import events
from domain.changing import replace
from domain.clocks import Clock, started
from domain.commitment import Commitment, CommitmentState, ReleaseAsked
from domain.evolution.placing import kept_shift, left_of, without_clocks
from domain.evolution.standing_in import unconditional
from domain.terms import Proposal, Signature, Version


def negotiated(
    commitment: Commitment, entry: events.Entry, event: events.NegotiationEvent
) -> Commitment:
    """The commitment after one of these events."""
    match event:
        case events.CounterOffered():
            return _countered(commitment, entry, event)
        case events.CounterAccepted():
            return _accepted(commitment, entry.at, event)
        case events.CounterWithdrawn():
            answer = started("answer", entry.at, event.answer_by)
            stands = uncountered(commitment)
            return replace(stands, state="requested", counter=None, answer=answer, answer_left=None)
        case events.TermsAmended():
            return _amended(commitment, entry, event)
        case events.ReportRetracted():
            return _retracted(commitment, entry.at)
        case events.ReleaseRequested():
            asked = ReleaseAsked(entry.actor, event.reason, entry.at)
            clock = started("release", entry.at, event.decide_by)
            return replace(commitment, release_asked=asked, release=clock)
        case events.ReleaseRefused():
            return replace(commitment, release_asked=None, release=None)
        case events.CommitmentWithdrawn() | events.CommitmentReleased():
            repair = repair_clock(entry.at, event.repair_by, event.next_at)
            state: CommitmentState = "released"
            if isinstance(event, events.CommitmentWithdrawn):
                state = "withdrawn"
            return ended(commitment, state, entry.at, reason=event.reason, repair=repair)
        case events.CommitmentRevoked():
            repair = repair_clock(entry.at, event.repair_by, event.repair_by)
            return ended(commitment, "revoked", entry.at, reason=event.reason, repair=repair)
        case events.CommitmentSuperseded():
            return _superseded(commitment, entry, event)
        case events.CommitmentReturned():
            returned = unconditional(uncountered(commitment))
            return replace(without_clocks(returned), state="pending", answer_left=None)
        case events.UpstreamFell():
            return replace(commitment, upstream_open=True)
        case events.UpstreamStands():
            return replace(commitment, upstream_open=False)
        case _:
            assert_never(event)


def ended(
    commitment: Commitment,
    state: CommitmentState,
    at: datetime,
    *,
    reason: str | None,
    repair: Clock | None,
) -> Commitment:
    """An unhappy end: nobody is waited on but the planner, to repair it. A counter-offer that was
    open is none any more.
    """
    return replace(
        without_clocks(unconditional(uncountered(commitment))),
        state=state,
        ended_at=at,
        reason=reason,
        ran_seq=None,
        release_asked=None,
        upstream_open=False,
        repair=repair,
        answer_left=None,
        repair_left=None,
    )


def repair_clock(at: datetime, due: datetime | None, next_at: datetime | None) -> Clock | None:
    """The planner's time for a new attempt; the sponsor hears at `next_at`."""
    return None if due is None else replace(started("repair", at, due), next_at=next_at)


def uncountered(commitment: Commitment) -> Commitment:
    """What was asked, where a counter-offer to it is open; the offer is kept beside it."""
    if commitment.state != "countered":
        return commitment
    asked = commitment.versions[-1]
    return replace(
        commitment,
        version=asked.version,
        digest=asked.digest,
        terms=asked.terms,
        signatures=asked.signatures,
        proposal=asked.proposal,
        shift=asked.shift,
        versions=(*commitment.versions[:-1], _version(commitment)),
    )


def _version(commitment: Commitment) -> Version:
    return Version(
        version=commitment.version,
        digest=commitment.digest,
        terms=commitment.terms,
        signatures=commitment.signatures,
        proposal=commitment.proposal,
        shift=commitment.shift,
        deemed=commitment.deemed,
    )


Put = events.CounterOffered | events.TermsAmended | events.CommitmentSuperseded


def _put(commitment: Commitment, event: Put, by: Proposal) -> Commitment:
    """Other terms are the current ones; those before are kept beside them."""
    return replace(
        unconditional(commitment),
        version=event.version,
        digest=event.digest,
        terms=event.terms,
        signatures=(),
        proposal=by,
        shift=kept_shift(commitment, event.terms),
        versions=(*commitment.versions, _version(commitment)),
    )


def _countered(
    commitment: Commitment, entry: events.Entry, event: events.CounterOffered
) -> Commitment:
    at = entry.at
    offer = Proposal("counter", event.person, event.role, event.reason, at, event.plan)
    signed = Signature(
        person=event.person,
        role=event.role,
        on_behalf_of=event.on_behalf_of,
        version=event.version,
        digest=event.digest,
        at=at,
        jws=entry.jws,
    )
    return replace(
        _put(commitment, event, offer),
        state="countered",
        signatures=(signed,),
        answered_at=commitment.answered_at or at,
        answer=None,
        answer_left=left_of(commitment.answer, at),
        counter=started("counter", at, event.decide_by),
    )


def _accepted(commitment: Commitment, at: datetime, event: events.CounterAccepted) -> Commitment:
    if event.answer_by is not None:
        answer = started("answer", at, event.answer_by)
        return replace(commitment, state="requested", counter=None, answer=answer, answer_left=None)
    return replace(
        without_clocks(commitment),
        state="signed",
        answer_left=None,
        delivery=started("delivery", at, commitment.due),
    )


def _amended(commitment: Commitment, entry: events.Entry, event: events.TermsAmended) -> Commitment:
    wish = Proposal("amend", entry.actor, "planner", event.reason, entry.at)
    return replace(
        _put(commitment, event, wish),
        state="requested",
        counter=None,
        answer=started("answer", entry.at, event.answer_by),
        answer_left=None,
    )


def _superseded(
    commitment: Commitment, entry: events.Entry, event: events.CommitmentSuperseded
) -> Commitment:
    """An attempt that has ended stays as it ended; its terms are what is asked for next."""
    wish = Proposal("plan", entry.actor, "planner", event.reason, entry.at)
    put = replace(_put(uncountered(commitment), event, wish), deemed=False)
    if commitment.is_unhappy:
        return put
    return replace(
        without_clocks(put),
        state="pending",
        ended_at=None,
        ran_seq=None,
        release_asked=None,
        upstream_open=False,
        answer_left=None,
    )


def _retracted(commitment: Commitment, at: datetime) -> Commitment:
    claimed = replace(commitment.deliveries[-1], retracted_at=at)
    deliveries = (*commitment.deliveries[:-1], claimed)
    return replace(commitment, state="signed", deliveries=deliveries, acceptance=None)
