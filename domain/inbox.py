"""What waits for whom: the items of everybody's inbox, as far as one launch brings them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.changing import replace
from domain.commitment import WAIVABLE, Commitment, Performer
from domain.escalation import Escalation
from domain.finding import Finding
from domain.launch import Launch
from domain.organisation import MODULE_POSTS
from domain.waiting import Waiting, waiting_on

InboxKind = Literal[
    "sign",
    "accept_counter",
    "condition",
    "report",
    "accept",
    "release",
    "repair",
    "escalation",
    "waiver",
    "reply",
    "finding",
    "resume",
    "gate",
    "notice",
]


FOR_DELEGATES: tuple[InboxKind, ...] = (
    *("accept_counter", "condition", "release", "repair", "reply"),
)
"""What who stands in for the planner may do; deliveries to the planner only the planner judges."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing somebody should do. It is for holders of one of `posts` and for `person`.

    `without` are people it is not for although they hold a post; `subject` is the id of the
    escalation or finding, where there is one.
    """

    kind: InboxKind
    step: str | None
    posts: tuple[str, ...]
    person: str | None
    without: tuple[str, ...]
    due: datetime | None
    overdue: bool
    since: datetime
    subject: str | None = None


def inbox_items(launch: Launch) -> tuple[InboxItem, ...]:
    """Every item of a launch, in a fixed order; a closed launch has none."""
    if launch.phase == "closed":
        return ()
    waiting = (_from_waiting(item) for item in waiting_on(launch) if item.posts or item.person)
    return (
        *(shown for item in waiting for shown in _with_delegate(launch, item)),
        *_escalations(launch),
        *(item for c in launch.steps for item in _waiver(launch, c)),
        *(item for f in launch.findings for item in _finding(launch, f)),
    )


def _from_waiting(item: Waiting) -> InboxItem:
    return InboxItem(
        kind=item.wanted,
        step=item.step,
        posts=item.posts,
        person=item.person,
        without=item.without,
        due=item.due,
        overdue=item.overdue,
        since=item.since,
    )


def _with_delegate(launch: Launch, item: InboxItem) -> Iterator[InboxItem]:
    """What waits for the planner waits for who stands in too; what is delivered to the planner
    does not. What waits for whom an attempt was reassigned to waits for the module's delegate too.
    """
    yield item
    given = launch.delegate
    if given is not None and item.person == launch.plan.planner and item.kind in FOR_DELEGATES:
        yield replace(item, person=given.to)
    if item.step is not None and item.kind in ("sign", "report"):
        delegate = launch.step(item.step).delegate
        if delegate is not None and item.person not in (None, delegate.to):
            yield replace(item, posts=(), person=delegate.to)


def _escalations(launch: Launch) -> Iterator[InboxItem]:
    for escalation in launch.escalations:
        if not escalation.is_open:
            continue
        to = escalation.to
        person = None if _stood_in_only(launch, escalation) else launch.named(to)
        yield InboxItem(
            kind="escalation",
            step=escalation.step,
            posts=(to.post,) if person is None and to.post is not None else (),
            person=person,
            without=(),
            due=None,
            overdue=escalation.cause in ("overdue_answer", "overdue_delivery"),
            since=escalation.raised_at,
            subject=escalation.id,
        )


def _stood_in_only(launch: Launch, escalation: Escalation) -> bool:
    """Put to who stood in for the holder of a post, and does so no more."""
    to, step = escalation.to, escalation.step
    if to.role is None or to.person is None or step is None:
        return False
    given = launch.step(step).delegate
    return given is None or given.to != to.person


def _second_posts(launch: Launch, step: str) -> tuple[str, ...]:
    plan = launch.step(step).plan
    owes = plan.customer == plan.module
    return ("executive",) if owes else ("executive", f"head:{plan.customer}")


def _no_waivers(launch: Launch, step: str) -> tuple[str, ...]:
    """Who has no part in waivers of this step although holding a post: planner and performers."""
    commitment = launch.step(step)
    performer = commitment.performer or Performer(None, None)
    posts = (*(f"{post}:{commitment.plan.module}" for post in MODULE_POSTS), performer.role or "")
    holders = (person for post in posts for person in launch.holders(post))
    people = (launch.plan.planner, performer.person or "", *holders)
    return tuple(dict.fromkeys(person for person in people if person))


def _waiver(launch: Launch, commitment: Commitment) -> Iterator[InboxItem]:
    still_goes_on = launch.ending in (None, "completed")
    if commitment.waiver is not None and commitment.state in WAIVABLE and still_goes_on:
        yield InboxItem(
            kind="waiver",
            step=commitment.key,
            posts=_second_posts(launch, commitment.key),
            person=None,
            without=(commitment.waiver.by, *_no_waivers(launch, commitment.key)),
            due=None,
            overdue=False,
            since=commitment.waiver.at,
        )


def _finding(launch: Launch, finding: Finding) -> Iterator[InboxItem]:
    """The sponsor may open a waiver; once open, a second person is asked."""
    if not finding.is_blocking or not launch.is_open:
        return
    opened = finding.waiver
    yield InboxItem(
        kind="finding" if opened is None else "waiver",
        step=finding.step,
        posts=() if opened is None else _second_posts(launch, finding.step),
        person=launch.plan.sponsor if opened is None else None,
        without=(*(() if opened is None else (opened.by,)), *_no_waivers(launch, finding.step)),
        due=None,
        overdue=False,
        since=launch.started_at if opened is None else opened.at,
        subject=finding.id,
    )
