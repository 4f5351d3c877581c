"""Acts on the whole launch: start, stop, resume, cancel."""

from datetime import datetime, timedelta

from domain import acts, events
from domain.checks.registry import findings_of
from domain.errors import WrongState
from domain.launch import Launch


def start(act: acts.StartLaunch, now: datetime) -> tuple[events.Event, ...]:
    """The launch begins with everything it needs and with what the checks find in its plan."""
    started = events.LaunchStarted(act.launch, act.plan, act.calendar, act.staff)
    found = findings_of(act.plan, act.calendar, now)
    return (started, *(events.FindingRaised(finding, finding.step) for finding in found))


def stop(act: acts.StopLaunch, role: str) -> tuple[events.Event, ...]:
    """Every clock freezes but the stop's own and the end of the window."""
    return (events.LaunchStopped(act.reason, role),)


def resume(
    launch: Launch, act: acts.ResumeLaunch, role: str, now: datetime
) -> tuple[events.Event, ...]:
    """Every frozen due moves by the length of the stop."""
    if launch.stop is None:
        possible = ["stop", "cancel"]
        raise WrongState("The launch is not stopped.", state=launch.phase, possible=possible)
    stopped = (now - launch.stop.at) // timedelta(milliseconds=1)
    return (events.LaunchResumed(act.reason, role, max(0, stopped)),)


def cancel(reason: str, role: str) -> tuple[events.Event, ...]:
    """The launch ends without going on; what ran is undone, last one first."""
    return (events.LaunchCancelled(reason, role),)


def report_compensation(launch: Launch, act: acts.ReportCompensation) -> tuple[events.Event, ...]:
    """The outcome of undoing the step whose turn it is; a report of any other changes nothing."""
    if [pending.step for pending in launch.compensations[:1]] != [act.step]:
        return ()
    if act.error is None:
        return (events.StepCompensated(act.step),)
    return (events.CompensationFailed(act.step, act.error),)
