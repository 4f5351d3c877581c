"""Waivers, of a commitment or of a finding: the sponsor opens, a second person makes effective."""

from domain import acts, events
from domain.decisions.guards import check_state
from domain.errors import AlreadyAnswered, NotYours, WrongState
from domain.finding import Finding
from domain.launch import Launch
from domain.organisation import MODULE_POSTS


def waive(launch: Launch, act: acts.Waive, role: str) -> tuple[events.Event, ...]:
    """Opened by the sponsor; effective with the executive or the customer module's head."""
    commitment = launch.step(act.step)
    check_state(commitment, act)
    if commitment.waiver is None:
        _check_opener(role)
        return (events.WaiverOpened(act.step, act.reason),)
    return (events.CommitmentWaived(act.step, act.reason, commitment.waiver.by),)


def waive_finding(
    launch: Launch, act: acts.WaiveFinding, actor: acts.Actor, role: str
) -> tuple[events.Event, ...]:
    """The same two people, for a finding that stands before a step's signature."""
    finding = launch.finding(act.finding)
    _check_parties(launch, finding, actor)
    if finding.state == "waived":
        raise AlreadyAnswered("This finding is waived already.", finding=finding.id)
    if finding.state == "cleared":
        raise WrongState("This finding is cleared; nothing is left to waive.", finding=finding.id)
    if finding.waiver is None:
        _check_opener(role)
        return (events.FindingWaiverOpened(finding.id, finding.step, act.reason),)
    return (events.FindingWaived(finding.id, finding.step, act.reason, finding.waiver.by),)


def _check_opener(role: str) -> None:
    if role != "sponsor":
        raise NotYours("The launch's sponsor opens a waiver; then you may agree to it.")


def _check_parties(launch: Launch, finding: Finding, actor: acts.Actor) -> None:
    """Neither the module that owes nor a head of another module than the customer's."""
    plan = launch.step(finding.step).plan
    if any(f"{role}:{plan.module}" in actor.roles for role in MODULE_POSTS):
        raise NotYours("A finding is not waived by the module whose step it holds up.")
    heads = actor.person != launch.plan.sponsor and "executive" not in actor.roles
    if heads and f"head:{plan.customer}" not in actor.roles:
        raise NotYours("Only the head of the customer's module may agree to this waiver.")
