"""What is refused, judged in the contract's order: whose act, which second person, which moment."""

from collections.abc import Mapping
from datetime import datetime

from domain import acts
from domain.authority import acting_role
from domain.chain import unready
from domain.commitment import OPEN, UNHAPPY, WAIVABLE, Commitment, CommitmentState, Waiver
from domain.errors import (
    AlreadyAnswered,
    FourEyes,
    LaunchClosed,
    LaunchStopped,
    NotYours,
    WrongState,
)
from domain.launch import Launch
from domain.parties import parties_of

ALLOWED: Mapping[str, frozenset[CommitmentState]] = {
    "acknowledge": frozenset({"requested"}),
    "ask": frozenset({"requested", "countered"}),
    "reply": frozenset({"requested", "countered"}),
    "sign": frozenset({"requested"}),
    "counter": frozenset({"requested"}),
    "accept-counter": frozenset({"countered"}),
    "amend": frozenset({"requested", "countered"}),
    "withdraw-counter": frozenset({"countered"}),
    "decline": frozenset({"requested", "countered"}),
    "withdraw": frozenset({"requested", "countered"}),
    "report": frozenset({"signed"}),
    "retract-report": frozenset({"reported"}),
    "accept": frozenset({"reported"}),
    "reject": frozenset({"reported"}),
    "request-release": frozenset({"signed"}),
    "allow-release": frozenset({"signed"}),
    "refuse-release": frozenset({"signed"}),
    "revoke": frozenset({"signed"}),
    "cancel-commitment": frozenset({"signed", "reported"}),
    "delegate": OPEN,
    "confirm": frozenset({"requested"}),
    "remind": frozenset({"requested", "countered", "signed", "reported"}),
    "request": UNHAPPY,
    "waive": WAIVABLE,
}
"""The states in which each act on a commitment is possible."""

ANSWERED: Mapping[str, frozenset[CommitmentState]] = {
    "sign": frozenset({"signed", "reported", "accepted"}),
    "counter": frozenset({"countered"}),
    "decline": frozenset({"declined"}),
    "withdraw": frozenset({"withdrawn"}),
    "allow-release": frozenset({"released"}),
    "revoke": frozenset({"revoked"}),
    "cancel-commitment": frozenset({"cancelled"}),
    "report": frozenset({"reported", "accepted"}),
    "accept": frozenset({"accepted"}),
    "waive": frozenset({"waived"}),
}
"""The states in which the same act has been decided already in this version."""

LATE = (
    *("report", "retract-report", "accept", "reject", "revoke", "ask", "reply", "waive"),
    *("delegate", "delegate-planning", "remind"),
)
"""Still possible while a launch that went live waits for late deliveries."""

TALKS_OF_ESCALATIONS = ("escalate", "acknowledge-escalation", "comment-escalation")
DURING_STOP = ("ask", "reply", "resume", "cancel", *TALKS_OF_ESCALATIONS)
BY_OTHERS = ("waive", "reassign")
NOT_IN_A_LESSON = ("counter", "amend", "amend-plan", "waive", "report")
RELEASES = ("allow-release", "refuse-release")


def role_in(launch: Launch, act: acts.PersonAct, actor: acts.Actor, now: datetime) -> str:
    """The role in which the actor may do this, by the roles of the command.

    Whatever the act names must exist: Missing comes before NotYours and FourEyes.
    """
    match act:
        case acts.WaiveFinding():
            finding = launch.finding(act.finding)
            waiving = acts.Waive(finding.step, act.reason)
            return _waiver_role(launch, waiving, actor, opened=finding.waiver is not None)
        case acts.Waive():
            opened = launch.step(act.step).waiver is not None
            return _waiver_role(launch, act, actor, opened=opened)
        case acts.AcknowledgeEscalation() | acts.ResolveEscalation():
            return _escalation_role(launch, act, actor, now)
        case acts.CommentOnEscalation():
            launch.escalation(act.escalation)
        case acts.Escalate() if act.step is not None:
            launch.step(act.step)
        case _:
            pass
    return acting_role(act, actor.person, actor.roles, parties_of(launch, now))


def _waiver_role(launch: Launch, act: acts.Waive, actor: acts.Actor, *, opened: bool) -> str:
    role = acting_role(act, actor.person, actor.roles, parties_of(launch))
    if not opened and role != "sponsor":
        raise NotYours("The launch's sponsor opens a waiver; then you may agree to it.")
    return role


def _escalation_role(
    launch: Launch, act: acts.EscalationAct, actor: acts.Actor, now: datetime
) -> str:
    """Of the addressee or above; and who settles it by a waiver must be one to waive."""
    known = launch.escalation(act.escalation)
    parties, escalation = parties_of(launch, now), (known.to, known.step)
    role = acting_role(act, actor.person, actor.roles, parties, escalation=escalation)
    if known.step is None or not _is_waiver(act):
        return role
    opened = launch.step(known.step).waiver is not None
    return _waiver_role(launch, acts.Waive(known.step, "waive"), actor, opened=opened)


def _is_waiver(act: acts.EscalationAct) -> bool:
    return isinstance(act, acts.ResolveEscalation) and act.resolution == "waive"


def check_second_person(launch: Launch, act: acts.PersonAct, person: str) -> None:
    """FourEyes where the act needs somebody else than who acted before."""
    match act:
        case acts.Sign():
            commitment = launch.step(act.step)
            conditional = commitment.conditional
            given = commitment.signatures + ((conditional.signature,) if conditional else ())
            if any(signature.person == person for signature in given):
                message = "You have signed already; another signature is another person's."
                raise FourEyes(message, step=act.step)
        case acts.Accept() | acts.Reject():
            commitment = launch.step(act.step)
            if commitment.deliveries and commitment.deliveries[-1].by == person:
                message = "You reported this delivery; somebody else must judge it."
                raise FourEyes(message, step=act.step)
        case acts.AcceptCounter() | acts.AllowRelease() | acts.Confirm():
            if person in _wanted_by(launch.step(act.step)):
                message = "This is your own wish; somebody else must agree to it."
                raise FourEyes(message, step=act.step)
        case acts.Waive():
            _check_second_waiver(launch.step(act.step).waiver, person)
        case acts.WaiveFinding():
            _check_second_waiver(launch.finding(act.finding).waiver, person)
        case acts.ResolveEscalation():
            _check_settlement(launch, act, person)
        case _:
            return


def _wanted_by(commitment: Commitment) -> tuple[str, ...]:
    """Who made the open offer, asks for the release, or signed on the condition. Somebody may have
    done so for the module who stands in for the planner by now.
    """
    offer = commitment.proposal if commitment.state == "countered" else None
    asked, waiting = commitment.release_asked, commitment.conditional
    return (
        *((offer.by,) if offer else ()),
        *((asked.by,) if asked else ()),
        *((waiting.signature.person,) if waiting else ()),
    )


def _check_second_waiver(waiver: Waiver | None, person: str) -> None:
    if waiver is not None and waiver.by == person:
        raise FourEyes("You opened this waiver; a second person must agree.")


def _check_settlement(launch: Launch, act: acts.ResolveEscalation, person: str) -> None:
    step = launch.escalation(act.escalation).step
    if act.resolution == "waive" and step is not None:
        _check_second_waiver(launch.step(step).waiver, person)
    if act.resolution == "reassign" and act.to in launch.planners:
        raise FourEyes("The planner cannot perform what the planner asks for.", to=act.to)


def check_moment(launch: Launch, act: acts.PersonAct) -> None:
    """LaunchClosed or LaunchStopped where the launch takes no such act now."""
    if launch.phase in ("closed", "closing") and not _is_late_act(launch, act):
        message = f"The launch is {launch.phase}; it takes no more decisions."
        raise LaunchClosed(message, phase=launch.phase, outcome=launch.outcome or launch.ending)
    if launch.stop is not None and not _goes_on_in_stop(act):
        message = f"{launch.stop.by} stopped this launch: {launch.stop.reason}"
        raise LaunchStopped(message, by=launch.stop.by, reason=launch.stop.reason)


def check_lesson(launch: Launch, act: acts.PersonAct) -> None:
    """WrongState for what would let a lesson take effect otherwise than by everybody's signature
    under the very text.
    """
    if launch.plan.kind != "lesson":
        return
    is_waiver = isinstance(act, acts.ResolveEscalation) and act.resolution in BY_OTHERS
    is_conditional = isinstance(act, acts.Sign) and act.condition is not None
    if is_waiver or is_conditional or act.kind in NOT_IN_A_LESSON:
        message = "A lesson is signed as it is, by every module that it touches, or it is none."
        raise WrongState(message, kind="lesson", possible=["sign", "decline", "cancel"])


def check_state(launch: Launch, commitment: Commitment, act: acts.StepAct) -> None:
    """AlreadyAnswered or WrongState where the commitment does not stand where the act fits."""
    if commitment.state in ALLOWED[act.kind]:
        _check_release(launch, commitment, act)
        return
    if commitment.state in ANSWERED.get(act.kind, ()):
        message = f"“{commitment.key}” is {commitment.state} already in this version."
        raise AlreadyAnswered(
            message, step=commitment.key, state=commitment.state, version=commitment.version
        )
    message = f"“{commitment.key}” is {commitment.state}; {_what_now(launch, commitment)}."
    raise WrongState(message, **figures_of(commitment))


def _check_release(launch: Launch, commitment: Commitment, act: acts.StepAct) -> None:
    """A release is asked for once, and decided only where it is asked for."""
    if act.kind == "request-release" and commitment.release_asked is not None:
        message = f"A release of “{commitment.key}” is asked for already."
        raise AlreadyAnswered(message, step=commitment.key, state=commitment.state)
    if act.kind in RELEASES and commitment.release_asked is None:
        message = (
            f"Nobody asks for a release of “{commitment.key}”; {_what_now(launch, commitment)}."
        )
        raise WrongState(message, **figures_of(commitment))


def figures_of(commitment: Commitment) -> dict[str, object]:
    """Where a commitment stands and what it takes now, as a WrongState says it."""
    return {
        "step": commitment.key,
        "state": commitment.state,
        "version": commitment.version,
        "possible": list(possible_acts(commitment)),
    }


def _what_now(launch: Launch, commitment: Commitment) -> str:
    """What is possible, or what a step that is not asked for yet waits for."""
    if commitment.state == "pending" and (before := unready(launch, commitment)):
        return f"it waits for {' and '.join(before)}"
    return f"possible now: {', '.join(possible_acts(commitment)) or 'nothing'}"


def possible_acts(commitment: Commitment) -> tuple[str, ...]:
    """The acts a commitment takes where it stands, in the table's order, as clients name them."""
    needless = ("request-release",) if commitment.release_asked else RELEASES
    if commitment.conditional is None or commitment.conditional.condition.fact is None:
        needless = (*needless, "confirm")
    return tuple(
        kind.removesuffix("-commitment")
        for kind, states in ALLOWED.items()
        if commitment.state in states and kind not in needless
    )


def _is_late_act(launch: Launch, act: acts.PersonAct) -> bool:
    if launch.phase == "closed":
        return False
    if isinstance(act, acts.ResolveEscalation):
        late = ("dismiss", "waive") if launch.ending == "completed" else ("dismiss",)
        return act.resolution in late
    if act.kind in TALKS_OF_ESCALATIONS:
        return True
    return launch.ending == "completed" and act.kind in LATE


def _goes_on_in_stop(act: acts.PersonAct) -> bool:
    if isinstance(act, acts.ResolveEscalation):
        return act.resolution != "waive"
    return act.kind in DURING_STOP
