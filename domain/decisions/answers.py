"""The performer's side before the promise, and the planner's replies: acknowledge, ask, reply,
sign, decline, and the planner's request for a new attempt.
"""

from datetime import datetime

from domain import acts, events
from domain.canonical import rfc3339
from domain.commitment import Commitment
from domain.decisions.guards import check_state, figures_of
from domain.decisions.terms import check_condition, check_digest, check_findings, check_terms
from domain.errors import AlreadyAnswered, Invalid, WrongState
from domain.launch import Launch
from domain.terms import terms_digest


def acknowledge(launch: Launch, act: acts.Acknowledge, now: datetime) -> tuple[events.Event, ...]:
    """The answer-by moves once, by one answer time at most."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    if act.answer_by is not None:
        _check_answer_by(launch, commitment, act.answer_by, now)
    return (events.CommitmentAcknowledged(act.step, commitment.version, act.answer_by),)


def ask(launch: Launch, act: acts.Ask, now: datetime) -> tuple[events.Event, ...]:
    """A question; the performer's own clock runs on, the planner's starts."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    reply_by = launch.calendar.add(now, commitment.plan.answer_within)
    return (events.QuestionAsked(act.step, act.text, reply_by),)


def reply(launch: Launch, act: acts.Reply) -> tuple[events.Event, ...]:
    """An answer in the thread; any open question counts as answered."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    return (events.QuestionAnswered(act.step, act.text),)


def sign(
    launch: Launch, act: acts.Sign, actor: acts.Actor, *, role: str, now: datetime
) -> tuple[events.Event, ...]:
    """The promise of exactly the terms whose digest the signer saw, at once or on a condition."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    check_digest(commitment, act.terms_digest)
    check_findings(launch, commitment)
    if act.condition is not None:
        check_condition(launch, commitment, act.condition, now)
        conditional = events.SignedConditionally(
            step=act.step,
            attempt=commitment.attempt,
            version=commitment.version,
            digest=commitment.digest,
            person=actor.person,
            role=role,
            on_behalf_of=actor.on_behalf_of,
            note=act.note,
            condition=act.condition,
        )
        return (conditional,)
    last = len(commitment.signatures) + 1 >= commitment.plan.signers
    kind = events.CommitmentSigned if last else events.SignatureGiven
    signed = kind(
        step=act.step,
        attempt=commitment.attempt,
        version=commitment.version,
        digest=commitment.digest,
        person=actor.person,
        role=role,
        on_behalf_of=actor.on_behalf_of,
        note=act.note,
    )
    return (signed,)


def decline(launch: Launch, act: acts.Decline, now: datetime) -> tuple[events.Event, ...]:
    """A good answer before a promise; the repair time starts, or goes on."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    repair_by, next_at = repair_times(launch, commitment, now)
    return (
        events.CommitmentDeclined(
            step=act.step,
            attempt=commitment.attempt,
            version=commitment.asked_version,
            reason=act.reason,
            repair_by=repair_by,
            next_at=next_at,
        ),
    )


def request(launch: Launch, act: acts.Request, now: datetime) -> tuple[events.Event, ...]:
    """A new attempt after an unhappy end, on the same terms or changed ones."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    terms = act.terms.applied_to(commitment.terms) if act.terms else commitment.terms
    if act.terms is not None:
        check_terms(act.terms, launch.plan.end, now)
    attempt = commitment.attempt + 1
    return (
        events.AttemptRenewed(
            step=act.step,
            attempt=attempt,
            version=1,
            digest=terms_digest(launch.id, act.step, attempt=attempt, version=1, terms=terms),
            terms=terms,
            reason=act.reason,
        ),
    )


def repair_times(
    launch: Launch, commitment: Commitment, now: datetime
) -> tuple[datetime, datetime]:
    """Until when the planner may ask again, and when the sponsor hears of it: never later.

    What an earlier repair left over is all there is; a new attempt does not fill it up again.
    """
    within = launch.plan.policy.repair_within
    left = commitment.repair_left
    repair_by = launch.calendar.add(now, within) if left is None else now + left
    return repair_by, min(repair_by, launch.calendar.add(now, commitment.plan.answer_within))


def _check_answer_by(
    launch: Launch, commitment: Commitment, answer_by: datetime, now: datetime
) -> None:
    if commitment.acknowledged:
        message = "The answer-by of this attempt was moved once already."
        raise AlreadyAnswered(message, step=commitment.key, version=commitment.version)
    if commitment.answer is None:
        raise WrongState("No answer is waited for.", **figures_of(commitment))
    latest = launch.calendar.add(commitment.answer.due, commitment.plan.answer_within)
    if not now < answer_by <= latest:
        message = f"The new answer-by must be after now and not after {rfc3339(latest)}."
        raise Invalid("answer_by", message)
