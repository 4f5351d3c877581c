"""Actions: what a review asks of a module. Each is a launch of one step, without window or gate, on
which everything goes as on a campaign's steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from domain.blameless.scrub import Scrubber
from domain.canonical import rfc3339
from domain.plan import Plan, Review
from domain.postmortem.follow_ups import Asking, asked_step, follow_up_plan

Document = dict[str, Any]
LONGEST_TITLE = 100
"""Characters on one line."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, of which module, until when."""

    module: str
    deliverable: str
    deliver_by: datetime
    conditions: tuple[str, ...] = ()


def action_plan(asking: Asking, wish: Wish, code: str) -> Plan:
    """The plan of an action, asked for and received by the same person."""
    owed = asked_step(
        asking.run,
        wish.module,
        wish.deliverable,
        conditions=wish.conditions,
        deliver_by=wish.deliver_by,
    )
    title = shorten(wish.deliverable, LONGEST_TITLE, placeholder="…")
    review = Review(asking.launch)
    return follow_up_plan(asking, code=code, title=title, steps=(owed,), review=review)


def action_document(launch: Mapping[str, Any], scrubber: Scrubber, now: datetime) -> Document:
    """An action as reviews and lists show it, from its launch's document; nobody is named in it.

    It is overdue where somebody is waited on whose time is over.
    """
    [step] = launch["steps"]
    say = scrubber.document
    dues = [item["due"] for item in launch["waiting_on"] if item["due"] is not None]
    return {
        "id": launch["id"],
        "launch": launch["id"],
        "postmortem": launch["review_of"],
        "code": say(launch["code"]),
        "module": step["module"],
        "deliverable": say(step["terms"]["deliverable"]),
        "conditions": say(step["terms"]["conditions"]),
        "deliver_by": step["deliver_by"],
        "due": step["due"],
        "state": step["state"],
        "phase": launch["phase"],
        "outcome": launch["outcome"],
        "overdue": min(dues, default="9999") < rfc3339(now),
        "escalation_level": step["escalation_level"],
        "requested_at": launch["started_at"],
        "closed_at": launch["closed_at"],
        "waiting_on": launch["waiting_on"],
    }
