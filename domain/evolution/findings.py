"""Events of findings: raised by a check, cleared by the next run, waived by two people."""

from collections.abc import Iterable
from typing import assert_never

from domain import events
from domain.changing import replace
from domain.commitment import Waiver
from domain.finding import Finding
from domain.launch import Launch


def evolve_finding(launch: Launch, entry: events.Entry, event: events.FindingEvent) -> Launch:
    """The launch after a finding was raised, cleared or waived."""
    match event:
        case events.FindingRaised() | events.FindingCleared():
            return _checked(launch, event)
        case events.FindingWaiverOpened():
            known = launch.finding(event.finding)
            waiver = Waiver(by=entry.actor, reason=event.reason, at=entry.at)
            return _placed(launch, replace(known, waiver=waiver))
        case events.FindingWaived():
            known = launch.finding(event.finding)
            return _placed(launch, replace(known, state="waived"))
        case _:
            assert_never(event)


def without_finding_waivers(launch: Launch, step: str) -> Launch:
    """The launch after an act on the step: a waiver opened before it is void."""
    if not any(f.waiver and f.state == "open" and f.step == step for f in launch.findings):
        return launch
    findings = tuple(
        replace(f, waiver=None) if f.state == "open" and f.step == step else f
        for f in launch.findings
    )
    return replace(launch, findings=findings)


def with_findings_of(launch: Launch, happened: Iterable[events.Event]) -> Launch:
    """The launch with its findings as they will be after these events."""
    for event in happened:
        if isinstance(event, events.FindingRaised | events.FindingCleared):
            launch = _checked(launch, event)
    return launch


def _checked(launch: Launch, event: events.FindingRaised | events.FindingCleared) -> Launch:
    if isinstance(event, events.FindingRaised):
        return _placed(launch, event.finding)
    known = launch.finding(event.finding)
    return _placed(launch, replace(known, state="cleared", waiver=None))


def _placed(launch: Launch, finding: Finding) -> Launch:
    """In the place of the finding of its id, or at the end."""
    if all(known.id != finding.id for known in launch.findings):
        return replace(launch, findings=(*launch.findings, finding))
    findings = tuple(finding if known.id == finding.id else known for known in launch.findings)
    return replace(launch, findings=findings)
