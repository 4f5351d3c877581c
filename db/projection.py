"""What the read model holds of a launch, computed from nothing but the launch.

The same launch always gives the same rows, byte for byte; so a stored read model can be compared
with the ledger, and made again from it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter

from domain.canonical import plain
from domain.commitment import Commitment
from domain.inbox import InboxItem, inbox_items
from domain.launch import Launch
from domain.organisation import MODULE_POSTS
from domain.parties import Parties, parties_of
from domain.plan import Plan
from domain.plan_document import plan_document
from domain.view import escalation_document, escalation_level, launch_frame, step_document
from domain.waiting import waiting_on

_JSON: Final = TypeAdapter(object)
"""Three times as fast as the standard library, with the same text."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
NEVER: Final = 2**63 - 1
"""The `due_rank` of an item without a due: after all others."""

ESCAPE: Final = "/"
"""Takes the meaning from a wildcard in a LIKE pattern."""

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A commitment at an escalation level, and its text in the launch's document."""

    commitment: Commitment
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """The parts of a launch's document that most events leave as they are."""

    plan: Plan
    plan_text: str
    steps: tuple[WrittenStep, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """The rows of one launch: its own, its inbox by item and address, its escalations by id.

    `written` is what the next projection of the launch need not write again.
    """

    launch: Columns
    inbox: Mapping[tuple[str, str], Columns]
    escalations: Mapping[str, Columns]
    written: Written | None = field(default=None, compare=False)


NOTHING: Final = Projection({}, {}, {})
"""What the read model holds of a launch that has not begun."""


def project(launch: Launch, earlier: Projection | None = None) -> Projection:
    """`earlier`, a projection of the same launch at another time, only makes it quicker."""
    written = _write(launch, earlier.written if earlier else None)
    return Projection(
        launch=_launch_row(launch, written),
        inbox={(row["item"], row["address"]): row for row in _inbox_rows(launch)},
        escalations={row["id"]: row for row in _escalation_rows(launch)},
        written=written,
    )


def without_document(projection: Projection) -> Projection:
    """All but the launch's document, which is never the same again: its parts are in `written`."""
    launch = {name: value for name, value in projection.launch.items() if name != "document"}
    return replace(projection, launch=launch)


def text_of(document: object) -> str:
    """A document as it is stored and served."""
    return _JSON.dump_json(document).decode()


def address_of_post(post: str) -> str:
    return f"post:{post}"


def address_of_person(person: str) -> str:
    return f"person:{person}"


def addresses_of_holder(posts: Iterable[str]) -> list[str]:
    """Where to look for what waits for somebody with these posts."""
    modules = (post.partition(":") for post in posts)
    desks = (address_of_desk(module) for post, _, module in modules if post in MODULE_POSTS)
    return list(dict.fromkeys((*map(address_of_post, posts), *desks)))


def address_of_desk(module: str) -> str:
    """Where an item stands once that is for lead, deputy and head of a module alike."""
    return f"desk:{module}"


def _addresses(posts: tuple[str, ...]) -> list[str]:
    """A row for each post, or one for the whole desk of a module."""
    addresses = {post: address_of_post(post) for post in posts}
    for module in {post.partition(":")[2] for post in posts}:
        desk = [f"{post}:{module}" for post in MODULE_POSTS]
        if all(post in addresses for post in desk):
            addresses.update(dict.fromkeys(desk, address_of_desk(module)))
    return list(dict.fromkeys(addresses.values()))


def fenced(names: tuple[str, ...]) -> str:
    """`|a|b|`, in which a name is found as `|a|`."""
    return f"|{'|'.join(names)}|" if names else ""


def fenced_pattern(name: str) -> str:
    """The LIKE pattern of a fenced list that has this name in it; see ESCAPE."""
    for sign in (ESCAPE, "%", "_"):
        name = name.replace(sign, ESCAPE + sign)
    return f"%|{name}|%"


def _write(launch: Launch, known: Written | None) -> Written:
    """What is the very same object as before has the same text."""
    plan = launch.plan
    steps = []
    for index, commitment in enumerate(launch.steps):
        level = escalation_level(launch, commitment.key)
        step = known.steps[index] if known else None
        if step is None or step.commitment is not commitment or step.level != level:
            step = WrittenStep(commitment, level, text_of(step_document(launch, commitment)))
        steps.append(step)
    is_same_plan = known is not None and known.plan is plan
    text = known.plan_text if known and is_same_plan else text_of(plan_document(plan))
    return Written(plan, text, tuple(steps))


def _launch_row(launch: Launch, written: Written) -> Columns:
    plan = launch.plan
    frame = launch_frame(launch)
    steps = ",".join(step.text for step in written.steps)
    document = f'{text_of(frame)[:-1]},"steps":[{steps}],"plan":{written.plan_text}}}'
    modules = tuple(dict.fromkeys(step.module for step in plan.steps))
    return {
        "id": launch.id,
        "kind": frame["kind"],
        "code": plan.code,
        "department": plan.department,
        "modules": fenced(modules),
        "search": f"{plan.code}\n{plan.title}".casefold(),
        "phase": launch.phase,
        "outcome": launch.outcome,
        "started_at": launch.started_at,
        "seq": launch.seq,
        "review_of": frame["review_of"],
        "due": _due(launch),
        "parties": _parties_text(parties_of(launch)),
        "document": document,
    }


def _due(launch: Launch) -> datetime | None:
    """Of an action, when the first who is waited on is late."""
    if launch.plan.review is None:
        return None
    dues = (item.due for item in waiting_on(launch) if item.due is not None)
    return min(dues, default=launch.steps[0].due)


def _inbox_rows(launch: Launch) -> Iterator[Columns]:
    for item in inbox_items(launch):
        row = _item_row(launch.id, item)
        addresses = _addresses(item.posts)
        if item.person is not None:
            addresses.append(address_of_person(item.person))
        for address in addresses:
            yield {**row, "address": address}


def _item_row(launch: str, item: InboxItem) -> Columns:
    return {
        "launch": launch,
        "item": f"{item.kind}:{item.step or ''}:{item.subject or ''}",
        "kind": item.kind,
        "step": item.step,
        "subject": item.subject,
        "due": item.due,
        "overdue": item.overdue,
        "since": item.since,
        "urgency": 0 if item.overdue else 1,
        "due_rank": NEVER if item.due is None else (item.due - _EPOCH) // _MICROSECOND,
        "without": fenced(item.without),
    }


def _escalation_rows(launch: Launch) -> Iterator[Columns]:
    for escalation in launch.escalations:
        yield {
            "id": escalation.id,
            "launch": launch.id,
            "state": escalation.state,
            "raised_at": escalation.raised_at,
            "document": text_of(escalation_document(launch, escalation)),
        }


@lru_cache(maxsize=4096)
def _parties_text(parties: Parties) -> str:
    """They hardly ever change between two events."""
    return text_of(plain(parties))
