"""What people will do in a run that is played again: as recorded, but for what is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Final

from domain import acts
from domain.calendar import Calendar
from domain.canonical import rfc3339
from domain.errors import Invalid
from domain.whatif.changes import Change, StepChange, WithoutStop
from domain.whatif.occasions import Occasion
from domain.whatif.recording import Deed, Moment, Recording

ANSWERS: Final = ("sign", "counter", "decline")
WHAT_IF: Final = "What if?"
LAST: Final = Moment(datetime.max.replace(tzinfo=UTC), inf)
"""Of what was not recorded."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A deed that will be done at `at`, and so much later as the launch stands still after
    `since`; None: at that instant.
    """

    deed: Deed
    at: datetime
    since: datetime | None


class Script:
    """The deeds of a recording by their occasions, with the changes made."""

    def __init__(self, tape: Recording, changes: Sequence[Change]) -> None:
        self.start = _started(tape, changes)
        self.silent = frozenset(
            change.step
            for change in changes
            if isinstance(change, StepChange) and change.act == "silence"
        )
        self._answers = {
            Occasion(change.step, "answer", 1): (change, f"changes[{place}]")
            for place, change in enumerate(changes)
            if isinstance(change, StepChange) and change.is_of_answer
        }
        self._upon: dict[Occasion | None, list[Deed]] = {}
        for deed in _without(tape.deeds, changes):
            occasion = None if deed.is_fixed else deed.occasion
            self._upon.setdefault(occasion, []).append(deed)
        for occasion, (change, _) in self._answers.items():
            self._change(occasion, change)

    def fixed(self) -> list[Planned]:
        """What is done at its moment, whatever the run comes to."""
        deeds = self._upon.pop(None, [])
        return [Planned(deed, deed.moment.at, None) for deed in deeds]

    def upon(self, occasion: Occasion, at: datetime, calendar: Calendar) -> list[Planned]:
        """What is done upon an occasion that came at that instant. Raises Invalid where an answer
        is to come before.
        """
        deeds = self._upon.pop(occasion, [])
        change, path = self._answers.pop(occasion, (None, ""))
        if change is None:
            return [Planned(deed, at + deed.after, at) for deed in deeds]
        if change.at is not None and change.at < at:
            message = f"“{occasion.step}” is asked at {rfc3339(at)} only."
            raise Invalid(f"{path}.answer_at", message)
        return list(_answered(change, deeds, at, calendar))

    def check_asked(self) -> None:
        """Raise Invalid where a step is to answer otherwise that was never asked."""
        for occasion, (_, path) in self._answers.items():
            message = f"“{occasion.step}” is never asked in this run; it has nothing to answer."
            raise Invalid(f"{path}.step", message)

    def left(self) -> Iterator[Deed]:
        """What nobody came to do."""
        for deeds in self._upon.values():
            yield from deeds

    def _change(self, occasion: Occasion, change: StepChange) -> None:
        """Other answers, in the place of the first that were given."""
        given = [o for o in self._upon if o is not None and _is_asked(o, change.step)]
        answered = [o for o in given if any(_is_answer(deed) for deed in self._upon[o])]
        first = min(answered, key=lambda o: o.number, default=occasion)
        answers = [deed for deed in self._upon.get(first, ()) if _is_answer(deed)]
        for other in answered if change.act == "silence" else (first,):
            talk = [deed for deed in self._upon.get(other, ()) if not _is_answer(deed)]
            self._upon[other] = talk
        self._upon.setdefault(occasion, []).extend(_otherwise(change, answers))


def _started(tape: Recording, changes: Sequence[Change]) -> acts.Command:
    signers = {c.step: c.signers for c in changes if isinstance(c, StepChange) and c.signers}
    start = tape.start.act
    if not signers or not isinstance(start, acts.StartLaunch):
        return tape.start
    steps = tuple(
        replace(step, signers=signers.get(step.key, step.signers)) for step in start.plan.steps
    )
    return replace(tape.start, act=replace(start, plan=replace(start.plan, steps=steps)))


def _without(deeds: Sequence[Deed], changes: Sequence[Change]) -> Sequence[Deed]:
    if not any(isinstance(change, WithoutStop) for change in changes):
        return deeds
    stops = (acts.StopLaunch, acts.ResumeLaunch)
    return [deed for deed in deeds if not isinstance(deed.command.act, stops)]


def _is_asked(occasion: Occasion, step: str) -> bool:
    return (occasion.step, occasion.what) == (step, "answer")


def _is_answer(deed: Deed) -> bool:
    return deed.command.act.kind in ANSWERS


def _otherwise(change: StepChange, answers: Sequence[Deed]) -> Sequence[Deed]:
    """The answers as changed; whose command has no actor, that whoever may gives."""
    if change.act == "silence":
        return ()
    if change.act == "decline":
        answers = answers[-1:]
    if answers and change.act is None:
        return answers
    act = _act(change)
    if not answers:
        return (Deed(acts.Command(act), LAST, None, timedelta(), is_fixed=False),)
    return [replace(deed, command=replace(deed.command, act=act)) for deed in answers]


def _act(change: StepChange) -> acts.Sign | acts.Decline:
    """The digest is filled in when it is signed."""
    is_declined = change.act == "decline"
    return acts.Decline(change.step, WHAT_IF) if is_declined else acts.Sign(change.step, "")


def _answered(
    change: StepChange, deeds: Sequence[Deed], asked: datetime, calendar: Calendar
) -> Iterator[Planned]:
    """The last answer comes when it is to come, and no other later."""
    answers = [deed for deed in deeds if _is_answer(deed)]
    until = max((asked + deed.after for deed in answers), default=asked)
    if change.within is not None:
        until = calendar.add(asked, change.within)
    until = until if change.at is None else change.at
    last = answers[-1] if answers else None
    for deed in deeds:
        at = asked + deed.after
        if deed is last:
            at = until
        elif _is_answer(deed):
            at = min(at, until)
        yield Planned(deed, at, None if change.at is not None and deed is last else asked)
