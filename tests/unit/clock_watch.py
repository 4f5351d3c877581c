"""How clocks and ladders may move, judged entry by entry: I14, stops, interrupted deliveries."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from domain import events
from domain.clocks import STEP_CLOCKS, Clock
from domain.evolution.placing import clock_of
from domain.launch import Launch

DURING_A_STOP: Final = (
    events.QuestionAsked,
    events.QuestionAnswered,
    events.AnswerExtended,
    events.PerformerReassigned,
    events.LaunchResumed,
    events.LaunchCancelled,
    events.PlanAmended,
    *(events.FindingRaised, events.FindingCleared),
    *(events.EscalationRaised, events.EscalationAcknowledged),
    *(events.EscalationAdvanced, events.EscalationResolved),
    *(events.AcknowledgementExpired, events.EscalationCommented),
)
GRANTS: Final = (
    events.AnswerExtended,
    events.CommitmentAcknowledged,
    events.PerformerReassigned,
    events.TermsAmended,
)
Place = tuple[str | None, str]
"""Where a clock stands: its step (None: the launch) and its kind."""


@dataclass
class Ladder:
    """How far the clock now standing in a place has climbed."""

    due: object
    overdue: int = 0
    reminded: int = 0
    rungs: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)


class ClockWatch:
    """Sees every entry with the launch before and after it, as a `Watch` does."""

    def __init__(self) -> None:
        self.ladders: dict[Place, Ladder] = {}
        self.interrupted: dict[str, Clock] = {}
        self.set_in_stop: dict[Place, datetime] = {}

    def see(self, before: Launch, entry: events.Entry, after: Launch) -> None:
        self.rungs_fire_once(before, entry, after)
        self.a_stop_freezes_everything(before, entry, after)
        self.a_rejection_takes_up_the_clock(before, entry.event, after)

    def rungs_fire_once(self, before: Launch, entry: events.Entry, after: Launch) -> None:
        """I14: each rung and reminder at most once per clock, upwards only, none after the answer.

        A clock is one (step, attempt, version, kind, due). It begins when the party starts to be
        waited on: with the request, question, promise, report, unhappy end, stop or held gate. A
        granted answer-by or another performer with a new one begins a new clock. A stop shifts a
        clock's due and a report only interrupts the delivery clock: after a rejection the same
        clock goes on from the rung it had reached. A settled ladder of the same clock stays silent.
        """
        event = entry.event
        if isinstance(event, events.EscalationRaised | events.EscalationAdvanced):
            self._rung(before, entry, event)
        if isinstance(event, events.AnswerOverdue | events.ClockOverdue):
            kind = "answer" if isinstance(event, events.AnswerOverdue) else event.clock
            ladder = self.ladders[event.step, kind]
            ladder.overdue += 1
            assert ladder.overdue == 1, "overdue once"
            assert not ladder.rungs, "overdue before the first rung"
            _assert_came(before, event.step, kind, entry)
        if isinstance(event, events.ReminderSent) and event.clock is not None:
            ladder = self.ladders[event.step, event.clock]
            ladder.reminded += 1
            assert ladder.reminded == 1, "reminded once"
            assert not ladder.overdue, "before the due"
            assert entry.actor == events.SYSTEM
        self._follow_clocks(before, event, after)

    def _rung(
        self,
        before: Launch,
        entry: events.Entry,
        event: events.EscalationRaised | events.EscalationAdvanced,
    ) -> None:
        known = any(e.id == event.escalation for e in before.escalations)
        assert known == isinstance(event, events.EscalationAdvanced)
        assert not known or before.escalation(event.escalation).is_open
        if event.clock is None:
            return
        ladder = self.ladders[event.step, event.clock]
        assert event.rung > max(ladder.rungs, default=0)
        assert event.level == len(ladder.levels) + 1, "levels count those that found somebody"
        ladder.rungs.append(event.rung)
        ladder.levels.append(event.level)
        if event.cause == "revoked":
            return  # at once: nobody waits for a clock
        _assert_came(before, event.step, event.clock, entry)
        assert before.stop is None or event.clock == "stop", "a stop freezes every other ladder"

    def _follow_clocks(self, before: Launch, event: events.Event, after: Launch) -> None:
        for place, now in clocks_of(after).items():
            was = clocks_of(before).get(place)
            granted = isinstance(event, GRANTS) and place == (event.step, "answer")
            granted = granted and getattr(event, "answer_by", None) is not None
            if was is None or granted:
                self.ladders[place] = Ladder(now.due)
            elif isinstance(event, events.LaunchResumed):
                self.ladders[place].due = now.due
            elif isinstance(event, events.PlanAmended) and place[0] in event.postponed:
                self._postponed(place, was, now)
            else:
                assert now.due == self.ladders[place].due, "a due moves by a grant only"

    def _postponed(self, place: Place, was: Clock, now: Clock) -> None:
        """Only the delivery moves, and begins anew where it has time again."""
        assert now == was or place[1] == "delivery"
        if now != was:
            begins_anew = (now.overdue, now.rung, now.escalation) == (False, 0, None)
            self.ladders[place] = replace(
                Ladder(now.due) if begins_anew else self.ladders[place], due=now.due
            )
            if place[0] in self.interrupted:
                self.interrupted[place[0]] = now

    def a_stop_freezes_everything(self, before: Launch, entry: events.Entry, after: Launch) -> None:
        """Nothing is promised, delivered, excused or opened during a stop; resuming shifts every
        clock, and the gate, by its length. A due that was set during the stop moves by the rest.
        """
        event = entry.event
        if before.stop is None:
            self.set_in_stop.clear()
        elif not isinstance(event, events.LaunchResumed):
            assert isinstance(event, DURING_A_STOP)
            self._note_set_in_stop(before, entry, after)
        if isinstance(event, events.LaunchResumed):
            by = timedelta(milliseconds=event.stopped_ms)
            was = {place: clock for place, clock in clocks_of(before).items() if place[1] != "stop"}
            assert clocks_of(after) == {
                place: clock.shifted(max(timedelta(), by - self._gone(before, place)))
                for place, clock in was.items()
            }
            opens_at = before.gate.opens_at
            stays = opens_at is None or before.gate.passed_at
            assert after.gate.opens_at == (opens_at if stays or opens_at is None else opens_at + by)
            self.interrupted = {step: c.shifted(by) for step, c in self.interrupted.items()}

    def _note_set_in_stop(self, before: Launch, entry: events.Entry, after: Launch) -> None:
        if isinstance(entry.event, events.PlanAmended):
            return  # What is postponed stands still all the same.
        for place, now in clocks_of(after).items():
            was = clocks_of(before).get(place)
            granted = isinstance(entry.event, GRANTS) and place == (entry.event.step, "answer")
            if was is None or was.due != now.due or granted:
                self.set_in_stop[place] = entry.at

    def _gone(self, before: Launch, place: Place) -> timedelta:
        """How much of the stop was over when the clock was set."""
        if before.stop is None or place not in self.set_in_stop:
            return timedelta()
        return max(timedelta(), self.set_in_stop[place] - before.stop.at)

    def a_rejection_takes_up_the_clock(
        self, before: Launch, event: events.Event, after: Launch
    ) -> None:
        """The delivery clock stands after a rejection as it stood before the report; a ladder that
        was settled in between rests.
        """
        if isinstance(event, events.DeliveryReported):
            clock = before.step(event.step).delivery
            assert clock is not None
            self.interrupted[event.step] = clock
        if isinstance(event, events.EscalationResolved) and event.step in self.interrupted:
            clock = self.interrupted[event.step]
            if clock.escalation == event.escalation:
                self.interrupted[event.step] = replace(clock, next_at=None)
        taken_back = (events.DeliveryRejected, events.ReportRetracted)
        if isinstance(event, taken_back) and before.is_open:
            assert after.step(event.step).clocks == (self.interrupted[event.step],)


def clocks_of(launch: Launch) -> dict[Place, Clock]:
    """Every clock by its place, at rest or running."""
    places: list[Place] = [(None, "gate"), (None, "stop")]
    places += [(c.key, kind) for c in launch.steps for kind in STEP_CLOCKS]
    found = {(step, kind): clock_of(launch, step, kind) for step, kind in places}  # type: ignore[arg-type]  # one of its kinds
    return {place: clock for place, clock in found.items() if clock is not None}


def _assert_came(launch: Launch, step: str | None, kind: str, entry: events.Entry) -> None:
    """The clock runs, nobody has answered it, and its moment is there."""
    if step is None:
        clock = clocks_of(launch).get((None, kind))
    else:
        clock = next((c for c in launch.step(step).clocks if c.kind == kind), None)
    assert clock is not None
    assert clock.next_at is not None
    assert clock.next_at <= entry.at
