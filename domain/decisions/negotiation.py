"""Settling the terms before the promise: counter-offers and what becomes of them, other terms the
planner asks for, and the end of the asking.
"""

from datetime import datetime

from domain import acts, events
from domain.changing import replace
from domain.commitment import Commitment
from domain.decisions.answers import repair_times
from domain.decisions.guards import check_state, figures_of
from domain.decisions.planning import planned, replan
from domain.decisions.rechecking import rechecked
from domain.decisions.terms import check_digest, check_findings, check_terms
from domain.errors import Invalid, WrongState
from domain.evolution.findings import with_findings_of
from domain.evolution.placing import kept_shift, with_step
from domain.launch import Launch
from domain.plan_change import changed_plan
from domain.terms import Terms, TermsChange, replanned_terms, terms_digest


def counter(
    launch: Launch, act: acts.Counter, actor: acts.Actor, *, role: str, now: datetime
) -> tuple[events.Event, ...]:
    """Other terms, which only wait for the planner's word; the performer's clock stops."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    terms = _offered(launch, commitment, act, now)
    version = commitment.next_version
    offered = events.CounterOffered(
        step=act.step,
        attempt=commitment.attempt,
        version=version,
        digest=_digest(launch, commitment, version, terms),
        terms=terms,
        person=actor.person,
        role=role,
        on_behalf_of=actor.on_behalf_of,
        reason=act.reason,
        decide_by=launch.calendar.add(now, commitment.plan.answer_within),
        plan=act.plan,
    )
    return (offered,)


def accept_counter(
    launch: Launch, act: acts.AcceptCounter, now: datetime
) -> tuple[events.Event, ...]:
    """The planner takes the terms as they were read, and the plan they are for; the checks are made
    on them first.
    """
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    check_digest(commitment, act.terms_digest)
    before = _amended_for(launch, commitment, now) or rechecked(launch, commitment, now)
    check_findings(with_findings_of(launch, before), commitment)
    is_signed = len(commitment.signatures) >= commitment.plan.signers
    within = commitment.plan.answer_within
    accepted = events.CounterAccepted(
        step=act.step,
        attempt=commitment.attempt,
        version=commitment.version,
        digest=commitment.digest,
        answer_by=None if is_signed else launch.calendar.add(now, within),
    )
    return (*before, accepted)


def withdraw_counter(
    launch: Launch, act: acts.WithdrawCounter, now: datetime
) -> tuple[events.Event, ...]:
    """What was asked stands again, with what was left of its time; the whole of it where no answer
    was waited for, because a signature was to hold on a condition.
    """
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    version, left = commitment.asked_version, commitment.answer_left
    anew = launch.calendar.add(now, commitment.plan.answer_within)
    answer_by = anew if left is None else now + left
    return (events.CounterWithdrawn(act.step, version, answer_by, act.note),)


def amend(launch: Launch, act: acts.Amend, now: datetime) -> tuple[events.Event, ...]:
    """Another version of the terms that now stand, a counter-offer's included; asked anew. What is
    signed on a condition is frozen until that has come or passed.
    """
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    if commitment.conditional is not None:
        message = f"“{commitment.key}” is signed on a condition; its terms stand till then."
        raise WrongState(message, **figures_of(commitment))
    terms = _changed(launch, commitment.terms, act.terms, now)
    version = commitment.next_version
    amended = events.TermsAmended(
        step=act.step,
        attempt=commitment.attempt,
        version=version,
        digest=_digest(launch, commitment, version, terms),
        terms=terms,
        reason=act.reason,
        answer_by=launch.calendar.add(now, commitment.plan.answer_within),
    )
    after = replace(commitment, terms=terms, shift=kept_shift(commitment, terms))
    return (*rechecked(with_step(launch, after), after, now), amended)


def withdraw(launch: Launch, act: acts.Withdraw, now: datetime) -> tuple[events.Event, ...]:
    """The planner asks no more; without a new attempt in time the launch fails."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    times = repair_times(launch, commitment, now)
    attempt, version = commitment.attempt, commitment.asked_version
    return (events.CommitmentWithdrawn(act.step, attempt, version, act.reason, *times),)


def _offered(launch: Launch, commitment: Commitment, act: acts.Counter, now: datetime) -> Terms:
    """The offered terms: what the other plan asks of this step, with the offer's own changes."""
    if act.terms is None and act.plan is None:
        raise Invalid("terms", "A counter-offer changes the terms, or the plan, or both.")
    if act.plan is None:
        return _changed(launch, commitment.terms, act.terms or TermsChange(), now)
    plan = planned(launch, act.plan, now)
    terms = replanned_terms(commitment.terms, commitment.key, launch.plan, plan)
    if act.terms is None:
        return terms
    check_terms(act.terms, plan.end, now)
    return act.terms.applied_to(terms)


def _amended_for(launch: Launch, commitment: Commitment, now: datetime) -> tuple[events.Event, ...]:
    """What comes of the plan that a counter-offer is for; nothing where it is the plan by now."""
    offer = commitment.proposal
    if offer is None or offer.plan is None:
        return ()
    if changed_plan(launch.plan, offer.plan, launch.calendar) == launch.plan:
        return ()
    try:
        plan = planned(launch, offer.plan, now)
    except Invalid as outdated:
        message = f"The plan this counter-offer is for came too late. {outdated.detail}"
        raise WrongState(message, **figures_of(commitment)) from outdated
    agreed = commitment.key
    return replan(launch, plan, reason=offer.reason, role="planner", now=now, agreed=agreed)


def _changed(launch: Launch, terms: Terms, change: TermsChange, now: datetime) -> Terms:
    check_terms(change, launch.plan.end, now)
    changed = change.applied_to(terms)
    if changed == terms:
        raise Invalid("terms", "These are the terms already; say what should change.")
    return changed


def _digest(launch: Launch, commitment: Commitment, version: int, terms: Terms) -> str:
    attempt = commitment.attempt
    return terms_digest(launch.id, commitment.key, attempt=attempt, version=version, terms=terms)
