"""From one event to the next state. Evolve never decides, refuses or looks at a clock."""

from collections.abc import Iterable

from domain import events
from domain.changing import replace
from domain.commitment import Commitment
from domain.evolution.commitments import evolve_commitment
from domain.evolution.escalations import evolve_escalation
from domain.evolution.findings import evolve_finding
from domain.evolution.launches import evolve_launch
from domain.launch import Gate, Launch
from domain.plan import Plan, StepPlan
from domain.terms import planned_terms, terms_digest


def evolve(launch: Launch | None, entry: events.Entry) -> Launch:
    """The launch after one more entry; the first entry must be LaunchStarted, seqs gapless."""
    if launch is None and entry.seq == 1 and isinstance(entry.event, events.LaunchStarted):
        return _started(entry, entry.event)
    if launch is None or entry.seq != launch.seq + 1:
        message = f"entry {entry.seq} does not follow {launch.seq if launch else 0}"
        raise ValueError(message)
    after = _applied(launch, entry)
    commands = after.commands
    if entry.command is not None:
        commands = {**commands, entry.command: entry.seq}
    return replace(after, seq=entry.seq, commands=commands)


def fold(entries: Iterable[events.Entry]) -> Launch:
    """The launch these entries tell, from its LaunchStarted on; ValueError if there is none."""
    launch: Launch | None = None
    for entry in entries:
        launch = evolve(launch, entry)
    if launch is None:
        message = "nothing to fold"
        raise ValueError(message)
    return launch


def _applied(launch: Launch, entry: events.Entry) -> Launch:
    event = entry.event
    if isinstance(event, events.CommitmentEvent):
        return evolve_commitment(launch, entry, event)
    if isinstance(event, events.EscalationEvent):
        return evolve_escalation(launch, entry, event)
    if isinstance(event, events.FindingEvent):
        return evolve_finding(launch, entry, event)
    return evolve_launch(launch, entry, event)


def _started(entry: events.Entry, event: events.LaunchStarted) -> Launch:
    return Launch(
        id=event.launch,
        seq=entry.seq,
        plan=event.plan,
        calendar=event.calendar,
        staff=event.staff,
        started_at=entry.at,
        steps=tuple(_planned(event.launch, event.plan, step) for step in event.plan.steps),
        gate=Gate(None if event.plan.window is None else event.plan.window.start),
        commands={} if entry.command is None else {entry.command: entry.seq},
    )


def _planned(launch: str, plan: Plan, step: StepPlan) -> Commitment:
    terms = planned_terms(plan, step.key)
    return Commitment(
        plan=step,
        terms=terms,
        digest=terms_digest(launch, step.key, attempt=1, version=1, terms=terms),
    )
