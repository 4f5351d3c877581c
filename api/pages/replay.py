"""The replay of a run: moment by moment, without names, and verified or why not.

A replay takes a while; the last ones are kept for a moment, since whoever looks at one frame looks
at the next. A run that moved meanwhile is replayed anew.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Query, Response

from api.deps import known_launch
from api.moments import length_of, read_instant
from api.pages.charts import wait_rows
from api.pages.picture import Picture, draw
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page
from api.replays import replay_of
from db import read_model
from domain.words import review
from domain.words.kinds import kind_in_words
from domain.words.sentences import SENTENCES
from domain.words.signs import sign_of, to_do

router = APIRouter(include_in_schema=False)

Document = Mapping[str, Any]
At: TypeAlias = Callable[[str | None], str]
Seq = Annotated[int, Query(ge=1, le=10_000_000)]

BATCH: Final = 20
"""Moments that a player is given at once."""
KEPT: Final = 8
FRESH_SECONDS: Final = 30.0
AROUND: Final = 3
MOST_TURNS: Final = 60
TURNS: Final = frozenset(
    {
        *("LaunchStarted", "PlanAmended", "CounterOffered", "CommitmentDeclined"),
        *("CommitmentLapsed", "CommitmentDeemed", "CommitmentRevoked", "CommitmentReleased"),
        *("CommitmentWithdrawn", "CommitmentBreached", "CommitmentWaived", "AnswerOverdue"),
        *("ClockOverdue", "EscalationRaised", "ChainCompleted", "GateHeld", "GatePassed"),
        *("LaunchStopped", "LaunchResumed", "LaunchCancelled", "LaunchFailed", "DeliveryRejected"),
        *("CompensationFailed", "LaunchClosed"),
    }
)
"""What one wants to jump to."""
PROMISED: Final = ("signed", "reported", "accepted")


@dataclass(frozen=True, slots=True)
class Near:
    """A moment by its number and what happened in it."""

    seq: int
    symbol: str
    words: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame in words; `since_start` and `since_last` are lengths."""

    frame: Document
    at: str
    near: Near
    who: str
    across: Picture
    down: Picture
    waiting: tuple[str, ...]
    sights: tuple[tuple[str, tuple[str, ...]], ...]
    around: tuple[Near, ...]
    since_start: str
    since_last: str


@dataclass(slots=True)
class Shelf:
    """The last replays, each for a while."""

    kept: OrderedDict[tuple[str, int], tuple[float, Document]]

    async def replay(self, reader: Reader, launch: str, seq: int) -> Document:
        known = self.kept.get((launch, seq))
        if known is not None and time.monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        told = await replay_of(reader.office, launch)
        self.kept[launch, seq] = (time.monotonic(), told)
        self.kept.move_to_end((launch, seq))
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return told


_shelf: Final = Shelf(OrderedDict())


@router.get("/launches/{launch}/replay")
async def show_replay(reader: ReaderDep, launch: str, at: Seq = 1) -> Response:
    """One moment, where the time went, and what the verification says; no moment where the ledger
    is damaged from its first entry on.
    """
    known, told = await _told(reader, launch)
    frames = told["frames"]
    chosen = max(1, min(at, len(frames)))
    context = {
        "launch": known,
        "here": f"/launches/{launch}",
        "replay": told,
        "objection": review.word(
            review.OBJECTIONS, told["verification"]["objection"] or "", reader.lang
        ),
        "last": len(frames),
        "moment": next(_moments(reader, known, frames, start=chosen, number=1), None),
        "turns": list(_turns(reader, frames))[:MOST_TURNS],
        "waits": wait_rows(told["waits"], reader.names),
        "length": length_of(told["length"], reader.lang),
    }
    return page(reader, "replay.html.j2", context=context)


@router.get("/launches/{launch}/replay/moments")
async def show_moments(
    reader: ReaderDep, launch: str, start: Annotated[int, Query(ge=1, le=10_000_000)] = 1
) -> Response:
    """Some moments one after the other, for the player."""
    known, told = await _told(reader, launch)
    found = list(_moments(reader, known, told["frames"], start=start, number=BATCH))
    context = {"moments_told": found, "here": f"/launches/{launch}"}
    return page(reader, "moments.html.j2", context=context)


async def _told(reader: Reader, launch: str) -> tuple[Document, Document]:
    await known_launch(launch, reader.office)
    async with reader.office.database.read() as session:
        text = await read_model.launch_text(session, launch)
    known = json.loads(text or "{}")
    return known, await _shelf.replay(reader, launch, known["seq"])


def _moments(
    reader: Reader, launch: Document, frames: Sequence[Document], *, start: int, number: int
) -> Iterator[Moment]:
    """The frames from number `start` on; numbers count from 1."""
    deemed = list(never_signed(frames[: start - 1 + number]))
    for at in range(start - 1, min(start - 1 + number, len(frames))):
        yield _moment(reader, launch, frames, at=at, deemed=deemed[at])


def _moment(
    reader: Reader, launch: Document, frames: Sequence[Document], *, at: int, deemed: frozenset[str]
) -> Moment:
    frame, lang = frames[at], reader.lang
    steps = [_step_then(step, frame, deemed) for step in launch["steps"]]
    at_of = reader.moments.telling(_length(frames))
    now = read_instant(frame["at"])
    before = read_instant(frames[max(at - 1, 0)]["at"])
    start = read_instant(frames[0]["at"])
    return Moment(
        frame=frame,
        at=at_of(frame["at"]),
        near=_near(reader, frame),
        who=review.who(frame["actor"], frame["role"], reader.names),
        across=draw(steps, "across"),
        down=draw(steps, "down"),
        waiting=tuple(_waits_in_words(reader, frame["waiting_on"], at_of)),
        sights=tuple(_sights(reader, frame["inboxes"])),
        around=tuple(_near(reader, one) for one in frames[max(0, at - AROUND) : at + AROUND + 1]),
        since_start=length_of((now - start).total_seconds(), lang),
        since_last=length_of((now - before).total_seconds(), lang),
    )


def _near(reader: Reader, frame: Document) -> Near:
    about = reader.names.module(frame["step"]) if frame["step"] else ""
    joint = "：" if reader.lang == "zh" else ": "
    words = kind_in_words(frame["event"], reader.lang)
    symbol = sign_of(SENTENCES, frame["event"]).symbol
    return Near(frame["seq"], symbol, f"{words}{joint}{about}" if about else words)


def _turns(reader: Reader, frames: Iterable[Document]) -> Iterator[Near]:
    return (_near(reader, frame) for frame in frames if frame["event"] in TURNS)


def never_signed(frames: Iterable[Document]) -> Iterator[frozenset[str]]:
    """After each frame, the steps whose promise nobody signed; a frame only says `signed`."""
    now: frozenset[str] = frozenset()
    for frame in frames:
        if frame["event"] == "CommitmentDeemed":
            now |= {frame["step"]}
        elif frame["event"] == "CommitmentSigned":
            now -= {frame["step"]}
        now = frozenset(step for step in now if frame["chain"].get(step) in PROMISED)
        yield now


def _step_then(step: Document, frame: Document, deemed: frozenset[str]) -> Document:
    """As much of a step as is known of that moment."""
    key = step["key"]
    return {
        "key": key,
        "after": step["after"],
        "state": frame["chain"].get(key, "pending"),
        "deemed": key in deemed,
        "overdue": any(w["step"] == key and w["overdue"] for w in frame["waiting_on"]),
        "escalation_level": 0,
        "upstream_open": False,
        "signers": 1,
        "signatures": (),
    }


def _length(frames: Sequence[Document]) -> float:
    first, last = (read_instant(frames[at]["at"]) for at in (0, -1))
    return (last - first).total_seconds()


def _waits_in_words(reader: Reader, waiting: Iterable[Document], at: At) -> Iterator[str]:
    """`Marketing to sign, due 18:00, overdue`."""
    is_zh = reader.lang == "zh"
    for item in waiting:
        who, what = reader.names.waiting(item), to_do(item["for"], reader.lang)
        where = reader.names.module(item["step"]) if item["step"] != item["module"] else ""
        due = at(item["due"]) if item["due"] else ""
        if is_zh:
            late = "，已逾期" if item["overdue"] else ""
            place = f"（{where}）" if where else ""
            yield f"{who}{what}{place}{f'，期限 {due}' if due else ''}{late}"
        else:
            late = ", overdue" if item["overdue"] else ""
            place = f" ({where})" if where else ""
            yield f"{who} {what}{place}{f', due {due}' if due else ''}{late}"


def _sights(
    reader: Reader, inboxes: Mapping[str, Sequence[Document]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What each party had before it."""
    for party, items in inboxes.items():
        had = (
            to_do(item["kind"], reader.lang)
            + (f" ({reader.names.module(item['step'])})" if item["step"] else "")
            for item in items
        )
        yield reader.names.module(party), tuple(dict.fromkeys(had))
