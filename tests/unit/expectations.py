"""What becomes of an act, written a second time from the tables of the domain, as a judge over
`decide`: the state it leads to, or the code it is refused with, in the stated order.
"""

from collections.abc import Mapping
from typing import Final

from domain import acts
from domain.commitment import Commitment
from domain.launch import Launch
from tests.unit.play import Play
from tests.unit.role_table import may
from tests.unit.situations import STEP

UNHAPPY: Final = ("declined", "withdrawn", "released", "revoked", "cancelled", "lapsed")
ANSWERABLE: Final = ("requested", "countered")
FROM_TO: Final[Mapping[str, tuple[tuple[str, ...], str | None]]] = {
    "acknowledge": (("requested",), None),
    "ask": (ANSWERABLE, None),
    "reply": (ANSWERABLE, None),
    "sign": (("requested",), "signed"),
    "counter": (("requested",), "countered"),
    "accept-counter": (("countered",), "signed"),
    "withdraw-counter": (("countered",), "requested"),
    "amend": (ANSWERABLE, "requested"),
    "decline": (ANSWERABLE, "declined"),
    "withdraw": (ANSWERABLE, "withdrawn"),
    "report": (("signed",), "reported"),
    "retract-report": (("reported",), "signed"),
    "accept": (("reported",), "accepted"),
    "reject": (("reported",), "signed"),
    "request-release": (("signed",), None),
    "allow-release": (("signed",), "released"),
    "refuse-release": (("signed",), None),
    "revoke": (("signed",), "revoked"),
    "cancel-commitment": (("signed", "reported"), "cancelled"),
    "request": (UNHAPPY, "requested"),
    "confirm": (("requested",), "signed"),
    "remind": ((*ANSWERABLE, "signed", "reported"), None),
    "delegate": (("pending", *ANSWERABLE, "signed", "reported"), None),
    "waive": ((*ANSWERABLE, "signed", "reported", *UNHAPPY), "waived"),
}
"""From which states to which; None: the state stays."""

DECIDED: Final[Mapping[str, tuple[str, ...]]] = {
    "sign": ("signed", "reported", "accepted"),
    "counter": ("countered",),
    "decline": ("declined",),
    "withdraw": ("withdrawn",),
    "report": ("reported", "accepted"),
    "accept": ("accepted",),
    "allow-release": ("released",),
    "revoke": ("revoked",),
    "cancel-commitment": ("cancelled",),
    "waive": ("waived",),
}
"""Where the same act has been decided already."""

TALK: Final = ("escalate", "acknowledge-escalation", "comment-escalation", "resolve-escalation")
IN_A_STOP: Final = ("ask", "reply", "resume", "cancel", *TALK)
WHILE_DELIVERIES_ARE_LATE: Final = (
    *("report", "retract-report", "accept", "reject", "revoke", "ask", "reply", "waive"),
    *("remind", "delegate", "delegate-planning", *TALK),
)
OWED_BY_THE_MODULE: Final = acts.PerformerAct | acts.Delegate


def outcome(play: Play, act: acts.PersonAct, person: str) -> str:
    """The state after the act, or the code of its refusal."""
    launch = play.standing()
    for code in (
        _not_theirs(play, act, person),
        _second_person(launch, act, person),
        _not_now(launch, act),
    ):
        if code:
            return code
    if isinstance(act, acts.StepAct):
        return _on_step(launch.step(STEP), act)
    return _on_launch(launch, act)


def _not_theirs(play: Play, act: acts.PersonAct, person: str) -> str:
    launch = play.standing()
    if may(launch, act, person, play.people.get(person, ()), play.now):
        opened = launch.step(STEP).waiver is not None
        unopened = isinstance(act, acts.Waive) and not opened and person != launch.plan.sponsor
        return "not_yours" if unopened else ""
    plans = person in (launch.plan.planner, launch.delegate and launch.delegate.to)
    return "four_eyes" if plans and isinstance(act, OWED_BY_THE_MODULE) else "not_yours"


def _second_person(launch: Launch, act: acts.PersonAct, person: str) -> str:
    step = launch.step(STEP)
    signed = {s.person for s in step.signatures}
    signed |= {step.conditional.signature.person} if step.conditional else set()
    again = (
        (isinstance(act, acts.Sign) and person in signed)
        or (isinstance(act, acts.Waive) and step.waiver and step.waiver.by == person)
        or (isinstance(act, acts.Accept | acts.Reject) and _reported(step) == person)
    )
    return "four_eyes" if again else ""


def _reported(step: Commitment) -> str | None:
    return step.deliveries[-1].by if step.deliveries else None


def _not_now(launch: Launch, act: acts.PersonAct) -> str:
    if launch.phase == "closed":
        return "launch_closed"
    if launch.phase == "closing":
        late = WHILE_DELIVERIES_ARE_LATE if launch.ending == "completed" else TALK
        return "" if act.kind in late else "launch_closed"
    return "launch_stopped" if launch.stop and act.kind not in IN_A_STOP else ""


def _on_step(step: Commitment, act: acts.StepAct) -> str:
    states, to = FROM_TO[act.kind]
    if step.state in DECIDED.get(act.kind, ()):
        return "already_answered"
    if step.state not in states or not _fits(step, act):
        return "wrong_state"
    if isinstance(act, acts.RequestRelease) and step.release_asked is not None:
        return "already_answered"
    if isinstance(act, acts.Waive) and step.waiver is None:
        return step.state
    alone = step.plan.signers == 1 or len(step.signatures) == 1
    return (to or step.state) if alone or act.kind != "sign" else step.state


def _fits(step: Commitment, act: acts.StepAct) -> bool:
    """What the state alone does not tell."""
    match act:
        case acts.AllowRelease() | acts.RefuseRelease():
            return step.release_asked is not None
        case acts.Confirm() | acts.Amend():
            return (step.conditional is not None) == isinstance(act, acts.Confirm)
        case acts.Remind():
            return _somebody_else_is_waited_on(step)
        case _:
            return True


def _somebody_else_is_waited_on(step: Commitment) -> bool:
    asked = step.state == "requested" and step.conditional is None
    return asked or step.state in ("signed", "reported")


def _on_launch(launch: Launch, act: acts.PersonAct) -> str:
    stands = "stopped" if launch.stop else launch.phase
    match act:
        case acts.StopLaunch():
            return "stopped"
        case acts.ResumeLaunch():
            return launch.phase if launch.stop else "wrong_state"
        case acts.CancelLaunch():
            ran = any(step.ran_seq is not None for step in launch.steps)
            return "closing" if ran else "closed"
        case _:
            return stands
