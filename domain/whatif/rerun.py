"""A recorded run played again, with something different in it. Pure: the same question has the same
answer.

Everybody else takes as long as they took. Who was not asked in the recording, or whose answer its
end cut off, is taken to do what is owed at the last moment at which it is on time; but nobody is
taken to ask again after an unhappy end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Final

from domain import acts
from domain.clocks import Deadline
from domain.deadlines import next_deadline
from domain.decide import decision
from domain.errors import Refusal
from domain.events import Entry
from domain.evolve import evolve
from domain.launch import Launch
from domain.whatif.changes import Change
from domain.whatif.occasions import UNDOING, Occasion, Occasions
from domain.whatif.owing import on_time, somebody
from domain.whatif.recording import Deed, Moment, Recording
from domain.whatif.script import LAST, Planned, Script

TALK: Final = ("acknowledge", "ask", "reply", "remind", "delegate")
"""What ends no waiting."""
LONGEST: Final = 5_000
"""Decisions after which a run is given up."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What somebody did in the recording and could not do here, by the rule that stood against it;
    `never_asked` where it never came to that.
    """

    step: str | None
    act: str
    rule: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """What somebody is taken to have done who was not seen to do it."""

    step: str
    act: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rerun:
    """The run as it would have been."""

    entries: tuple[Entry, ...]
    undone: tuple[Undone, ...]
    assumed: tuple[Assumed, ...]


def rerun(tape: Recording, changes: Sequence[Change] = ()) -> Rerun:
    """Play a recording again with these changes; with none it gives what was recorded.

    Raises Invalid where a change contradicts the run: an answer before it is asked for, or of a
    step that is never asked.
    """
    player = _Player(tape, Script(tape, changes))
    player.play()
    return Rerun(tuple(player.entries), tuple(player.undone()), tuple(player.assumed))


class _Player:
    """The run so far, and what is to come of it."""

    def __init__(self, tape: Recording, script: Script) -> None:
        self.entries: list[Entry] = []
        self.assumed: list[Assumed] = []
        self._tape = tape
        self._script = script
        self._launch: Launch | None = None
        self._at = datetime.min.replace(tzinfo=UTC)
        self._place = 0.0
        self._occasions = Occasions()
        self._planned: list[Planned] = script.fixed()
        self._tried: set[Occasion] = set()
        self._refused: list[Undone] = []

    def play(self) -> None:
        """Until the run is closed, or nothing more would happen in it."""
        self._carry_out(self._script.start, self._tape.started)
        for _ in range(LONGEST):
            if self.launch.phase == "closed" or not self._turn():
                break
        self._script.check_asked()

    @property
    def launch(self) -> Launch:
        if self._launch is None:
            message = "the run has not started"
            raise ValueError(message)
        return self._launch

    def undone(self) -> Iterator[Undone]:
        """What was done in the recording and is not done here."""
        yield from self._refused
        left = [*(planned.deed for planned in self._planned), *self._script.left()]
        for deed in sorted(left, key=lambda deed: deed.moment.place):
            if deed.command.actor is not None:
                yield _undone(deed.command.act, "never_asked")

    def _turn(self) -> bool:
        """Whether anything happened: the next deed or the next deadline, whichever comes first."""
        planned = min(self._possible(), key=self._when, default=None)
        deadline = next_deadline(self.launch)
        if deadline is None and planned is None:
            return False
        noticed = None if deadline is None else self._noticed(deadline)
        if planned is None or (noticed is not None and noticed < self._when(planned)):
            if deadline is not None and noticed is not None:
                self._elapse(deadline, noticed)
            return True
        self._planned.remove(planned)
        self._do(planned.deed, self._when(planned))
        return True

    def _possible(self) -> Iterator[Planned]:
        """While the launch stands still, only what is done at its moment, or ends that."""
        for planned in self._planned:
            ends_it = isinstance(planned.deed.command.act, acts.ResumeLaunch)
            if planned.since is None or ends_it or not self.launch.is_stopped:
                yield planned

    def _when(self, planned: Planned) -> Moment:
        at, moment = planned.at, planned.deed.moment
        if planned.since is not None and not self.launch.is_stopped:
            at += self._occasions.stood_still(planned.since, self._at)
        return Moment(max(at, self._at), moment.place, moment.behind)

    def _noticed(self, deadline: Deadline) -> Moment:
        known = self._tape.noticed.get(deadline, ())
        now = (self._at, self._place)
        later = (moment for moment in known if (moment.at, moment.place) > now)
        return next(later, Moment(max(deadline.at, self._at), inf))

    def _do(self, deed: Deed, moment: Moment) -> None:
        command = self._as_it_stands(deed)
        if command.actor is None and not isinstance(command.act, acts.SystemAct):
            self._refused.append(_undone(command.act, "not_yours"))
            return
        if (rule := self._carry_out(command, moment)) is not None:
            self._refused.append(_undone(command.act, rule))

    def _as_it_stands(self, deed: Deed) -> acts.Command:
        """The same act on the terms and escalations of this run, by somebody who may."""
        command, act = deed.command, deed.command.act
        if isinstance(act, acts.Sign | acts.AcceptCounter):
            act = replace(act, terms_digest=self.launch.step(act.step).digest)
        elif isinstance(act, acts.EscalationAct) and deed.occasion is not None:
            known = self._occasions.escalation(deed.occasion)
            act = replace(act, escalation=known or act.escalation)
        actor = command.actor
        if actor is None and isinstance(act, acts.PerformerAct):
            actor = somebody(self.launch, act.step, "answer")
            command = replace(command, id=f"assumed-{len(self.entries)}")
        return replace(command, act=act, actor=actor)

    def _elapse(self, deadline: Deadline, noticed: Moment) -> None:
        """The deadline passes, unless somebody is taken to have kept it."""
        occasion = self._occasions.of_clock(deadline)
        if occasion is not None and self._keeps(occasion):
            self._tried.add(occasion)
            command = on_time(self.launch, deadline, f"assumed-{len(self.entries)}")
            if command is not None and self._kept(command, deadline):
                return
        self._carry_out(acts.Command(acts.Elapse()), noticed)

    def _keeps(self, occasion: Occasion) -> bool:
        """Nobody was seen to let it pass, and nobody is still to do something about it."""
        if occasion in self._tape.silent or occasion in self._tried:
            return False
        if occasion.what == "answer" and occasion.step in self._script.silent:
            return False
        still = (p.deed for p in self._planned if p.deed.occasion == occasion)
        return all(deed.command.act.kind in TALK for deed in still)

    def _kept(self, command: acts.Command, deadline: Deadline) -> bool:
        if self._carry_out(command, Moment(max(deadline.at, self._at), inf)) is not None:
            return False
        self.assumed.append(Assumed(deadline.step, command.act.kind, self._at))
        return True

    def _carry_out(self, command: acts.Command, moment: Moment) -> str | None:
        """The rule that stands against it; None where it is done."""
        try:
            decided = decision(self._launch, command, moment.now)
        except Refusal as refusal:
            return refusal.code
        self._at, self._place = moment.at, moment.place
        for entry in decided.entries:
            self._launch = evolve(self._launch, entry)
            self.entries.append(entry)
            for occasion in self._occasions.see(self._launch, self._at):
                self._planned += self._come(occasion, self._launch)
        return None

    def _come(self, occasion: Occasion, launch: Launch) -> Iterable[Planned]:
        """What will be done upon it. What nobody was seen to undo is undone at once."""
        planned = self._script.upon(occasion, self._at, launch.calendar)
        if planned or occasion.what != UNDOING:
            return planned
        undone = acts.Command(acts.ReportCompensation(occasion.step))
        deed = Deed(undone, LAST, occasion, timedelta(), is_fixed=False)
        return (Planned(deed, self._at, None),)


def _undone(act: acts.Act, rule: str) -> Undone:
    return Undone(getattr(act, "step", None), act.kind.removesuffix("-commitment"), rule)
