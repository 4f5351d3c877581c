"""A launch told again from its ledger, moment by moment: where the chain stood after each entry,
who was waited on, and what each party had before it. Nothing here judges whether the ledger is
true.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.events import Entry
from domain.evolve import evolve
from domain.inbox import InboxItem, inbox_items
from domain.launch import Launch
from domain.waiting import Waiting, waiting_on

PERSON = "person:"
"""Marks a party that is no module and no part, so that nobody's id is taken for one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The launch right after one entry.

    `at` never runs backwards: the order is that of the seqs, and where a clock was set back between
    two entries the later one counts as no earlier (I22). `sights` are the inbox items of each party
    that has any: a module, planner, sponsor, executive, or `person:` and an id.
    """

    entry: Entry
    at: datetime
    launch: Launch
    waiting: tuple[Waiting, ...]
    sights: Mapping[str, tuple[InboxItem, ...]]


def frames(entries: Iterable[Entry]) -> tuple[Frame, ...]:
    """A frame for each entry, from LaunchStarted on."""
    told: list[Frame] = []
    launch: Launch | None = None
    for entry in entries:
        launch = evolve(launch, entry)
        at = max(entry.at, told[-1].at) if told else entry.at
        told.append(Frame(entry, at, launch, waiting_on(launch), _sights(launch)))
    return tuple(told)


def _sights(launch: Launch) -> dict[str, tuple[InboxItem, ...]]:
    seen: dict[str, tuple[InboxItem, ...]] = {}
    for item in inbox_items(launch):
        for party in _parties(launch, item):
            seen[party] = (*seen.get(party, ()), item)
    return seen


def _parties(launch: Launch, item: InboxItem) -> Iterable[str]:
    """`lead:product` and `head:product` are one party, their module."""
    parties = [post.partition(":")[2] or post for post in item.posts]
    if item.person is not None:
        parts = {launch.plan.planner: "planner", launch.plan.sponsor: "sponsor"}
        parties.append(parts.get(item.person, f"{PERSON}{item.person}"))
    return dict.fromkeys(parties)
