"""Waivers, of a commitment or of a finding: the sponsor opens, a second person makes effective.

Who may do either is judged in `guards`, before the moment is.
"""

from domain import acts, events
from domain.decisions.guards import check_state
from domain.errors import AlreadyAnswered, WrongState
from domain.launch import Launch


def waive(launch: Launch, act: acts.Waive) -> tuple[events.Event, ...]:
    """Opened by the sponsor; effective with the executive or the customer module's head."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    if commitment.waiver is None:
        return (events.WaiverOpened(act.step, act.reason),)
    return (events.CommitmentWaived(act.step, act.reason, commitment.waiver.by),)


def waive_finding(launch: Launch, act: acts.WaiveFinding) -> tuple[events.Event, ...]:
    """The same two people, for a finding that stands before a step's signature."""
    finding = launch.finding(act.finding)
    if finding.state == "waived":
        raise AlreadyAnswered("This finding is waived already.", finding=finding.id)
    if finding.state == "cleared":
        message = "This finding is cleared; nothing is left to waive."
        raise WrongState(message, finding=finding.id, state=finding.state, possible=[])
    if finding.waiver is None:
        return (events.FindingWaiverOpened(finding.id, finding.step, act.reason),)
    return (events.FindingWaived(finding.id, finding.step, act.reason, finding.waiver.by),)
