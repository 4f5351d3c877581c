"""From an act to what happens: pure, total, and the only place in which a launch changes its mind.

`decide` raises a Refusal and changes nothing, or returns the entries that follow, each with its
place in the ledger. A command that already took effect gives no new entries.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from domain import acts
from domain.deadlines import due_deadline
from domain.decisions import (
    answers,
    deliveries,
    escalations,
    launches,
    negotiation,
    planning,
    releases,
    standing_in,
    waivers,
)
from domain.decisions.elapsing import fire
from domain.decisions.guards import check_lesson, check_moment, check_second_person, role_in
from domain.decisions.settling import settle
from domain.decisions.unfolding import EndlessDecisionError, Unfolding
from domain.errors import CountersignError
from domain.events import Entry, Event
from domain.launch import Launch


@dataclass(frozen=True, slots=True)
class Decision:
    """The entries an act brings about, none or more, and the launch they make of it."""

    entries: tuple[Entry, ...]
    launch: Launch


def decide(launch: Launch | None, command: acts.Command, now: datetime) -> tuple[Entry, ...]:
    """The entries an act brings about at `now` (aware UTC), or a Refusal.

    `launch` is None for StartLaunch only. A person's act needs `command.actor`.
    """
    return decision(launch, command, now).entries


def decision(launch: Launch | None, command: acts.Command, now: datetime) -> Decision:
    """The same, with the launch that evolving by these entries gives."""
    if launch is not None and command.id is not None and command.id in launch.commands:
        return Decision((), launch)
    unfolding = Unfolding(launch, command, now)
    act = command.act
    if isinstance(act, acts.SystemAct):
        _decide_system(unfolding, act, now)
    else:
        if launch is None or command.actor is None:
            message = f"{act.kind} needs a launch and a person"
            raise CountersignError(message)
        unfolding.add(*_decide_person(launch, act, command.actor, now))
    if unfolding.entries:
        settle(unfolding)
    return Decision(tuple(unfolding.entries), unfolding.launch)


def judge(launch: Launch, command: acts.Command, now: datetime) -> None:
    """Raise the Refusal that `decide` would raise for a person's command; nothing comes of it."""
    if isinstance(command.act, acts.SystemAct) or command.actor is None:
        message = f"{command.act.kind} is no act of a person"
        raise CountersignError(message)
    _decide_person(launch, command.act, command.actor, now)


def _decide_system(unfolding: Unfolding, act: acts.SystemAct, now: datetime) -> None:
    match act:
        case acts.StartLaunch():
            if unfolding.has_begun:
                message = "a launch starts once"
                raise CountersignError(message)
            unfolding.add(*launches.start(act, now))
        case acts.ReportCompensation():
            unfolding.add(*launches.report_compensation(unfolding.launch, act))
        case acts.Elapse():
            while (deadline := due_deadline(unfolding.launch, now)) is not None:
                elapsed = fire(unfolding.launch, deadline, now)
                if not elapsed:
                    message = f"{deadline} came and nothing happened"
                    raise EndlessDecisionError(message)
                unfolding.add(*elapsed)
                settle(unfolding)
        case _:
            assert_never(act)


def _decide_person(
    launch: Launch, act: acts.PersonAct, actor: acts.Actor, now: datetime
) -> tuple[Event, ...]:
    role = role_in(launch, act, actor, now)
    check_second_person(launch, act, actor.person)
    check_moment(launch, act)
    check_lesson(launch, act)
    if isinstance(act, acts.StepAct):
        return _on_step(launch, act, actor, role=role, now=now)
    return _on_launch(launch, act, role=role, now=now)


def _on_step(
    launch: Launch, act: acts.StepAct, actor: acts.Actor, *, role: str, now: datetime
) -> tuple[Event, ...]:
    if isinstance(act, acts.PerformerAct):
        return _by_performer(launch, act, actor, role=role, now=now)
    if isinstance(act, acts.PlannerAct):
        return _by_planner(launch, act, now=now)
    match act:
        case acts.Accept():
            return deliveries.accept(launch, act)
        case acts.Reject():
            return deliveries.reject(launch, act)
        case acts.Waive():
            return waivers.waive(launch, act)
        case acts.Delegate():
            return standing_in.delegate(launch, act, actor, now)
        case _:
            assert_never(act)


def _by_performer(
    launch: Launch, act: acts.PerformerAct, actor: acts.Actor, *, role: str, now: datetime
) -> tuple[Event, ...]:
    match act:
        case acts.Acknowledge():
            return answers.acknowledge(launch, act, now)
        case acts.Ask():
            return answers.ask(launch, act, now)
        case acts.Sign():
            return answers.sign(launch, act, actor, role=role, now=now)
        case acts.Decline():
            return answers.decline(launch, act, now)
        case acts.Counter():
            return negotiation.counter(launch, act, actor, role=role, now=now)
        case acts.WithdrawCounter():
            return negotiation.withdraw_counter(launch, act, now)
        case acts.Report():
            return deliveries.report(launch, act, now)
        case acts.RetractReport():
            return deliveries.retract(launch, act)
        case acts.RequestRelease():
            return releases.ask(launch, act, now)
        case acts.Revoke():
            return releases.revoke(launch, act, now)
        case _:
            assert_never(act)


def _by_planner(launch: Launch, act: acts.PlannerAct, *, now: datetime) -> tuple[Event, ...]:
    match act:
        case acts.Reply():
            return answers.reply(launch, act)
        case acts.AcceptCounter():
            return negotiation.accept_counter(launch, act, now)
        case acts.Amend():
            return negotiation.amend(launch, act, now)
        case acts.Withdraw():
            return negotiation.withdraw(launch, act, now)
        case acts.AllowRelease():
            return releases.allow(launch, act, now)
        case acts.RefuseRelease():
            return releases.refuse(launch, act)
        case acts.CancelCommitment():
            return releases.cancel(launch, act, now)
        case acts.Confirm():
            return standing_in.confirm(launch, act, now)
        case acts.Remind():
            return standing_in.remind(launch, act, now)
        case acts.Request():
            return answers.request(launch, act, now)
        case _:
            assert_never(act)


def _on_launch(
    launch: Launch, act: acts.LaunchAct, *, role: str, now: datetime
) -> tuple[Event, ...]:
    match act:
        case acts.AmendPlan():
            return planning.amend(launch, act, role, now)
        case acts.DelegatePlanning():
            return standing_in.delegate_planning(launch, act, now)
        case acts.StopLaunch():
            return launches.stop(act, role)
        case acts.ResumeLaunch():
            return launches.resume(launch, act, role, now)
        case acts.CancelLaunch():
            return launches.cancel(act.reason, role)
        case acts.WaiveFinding():
            return waivers.waive_finding(launch, act)
        case acts.Escalate():
            return escalations.escalate(launch, act)
        case acts.AcknowledgeEscalation():
            return escalations.acknowledge(launch, act, now)
        case acts.CommentOnEscalation():
            return escalations.comment(launch, act)
        case acts.ResolveEscalation():
            return escalations.resolve(launch, act, role=role, now=now)
        case _:
            assert_never(act)
