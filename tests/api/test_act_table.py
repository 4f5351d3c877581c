"""The table of acts over HTTP: whatever is refused has its code, changes nothing and is audited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from db import ledger
from domain.acts import Delegate, DelegatePlanning, PersonAct
from domain.changing import replace
from domain.errors import REFUSALS
from domain.launch import Launch
from tests.api.story import (
    PLANNER,
    Document,
    act,
    as_document,
    shown,
    sign,
    started,
    until,
)
from tests.api.wire import request_of
from tests.plans import PEOPLE
from tests.stack import Stack
from tests.unit import expectations
from tests.unit.play import Play
from tests.unit.situations import all_acts

PERSONS = (
    *(PLANNER, "planner.enterprise", "lead.product", "head.marketing", "lead.service"),
    *("sponsor", "executive", "frontline.city-b", "facilitator", "admin"),
)
REASON = {"reason": "so"}
OFFER = ("lead.product", "product/counter", {"terms": {"deliverable": "Half"}, **REASON})
SITUATIONS: Mapping[str, tuple[tuple[str, str, Any], ...]] = {
    "requested": (),
    "countered": (OFFER,),
    "signed": (("lead.product", "product/sign", None),),
    "reported": (
        ("lead.product", "product/sign", None),
        ("lead.product", "product/report", {"evidence": "there"}),
    ),
    "declined": (("lead.product", "product/decline", REASON),),
    "stopped": (("frontline.city-a", "stop", REASON),),
    "closed": ((PLANNER, "cancel", REASON),),
}


@dataclass
class Standing(Play):
    """A launch as the ledger of an installation tells it, for the judge over `decide`."""

    launch: Launch | None
    now: datetime
    people: Mapping[str, Iterable[str]]


async def brought_to(stack: Stack, name: str) -> Document:
    """A launch with an escalation by hand, in that situation."""
    launch = await started(stack)
    await act(stack, launch, "escalations", {**REASON, "step": "product"}, "frontline.city-a")
    for person, what, body in SITUATIONS[name]:
        done = (
            await sign(stack, launch, "product", person)
            if body is None
            else await act(stack, launch, what, body, person)
        )
        assert done.status_code == 200, done.text
    if name == "closed":
        return await until(stack, launch["id"], lambda now: now["phase"] == "closed")
    return await shown(stack, launch["id"])


def possible(made: PersonAct) -> PersonAct:
    """The act with a person and an instant that there are on an installation."""
    if isinstance(made, Delegate | DelegatePlanning):
        return replace(made, to="frontline.city-a", until=datetime(2199, 1, 1, tzinfo=UTC))
    return made


async def standing(stack: Stack, launch: str) -> Standing:
    async with stack.database.read() as session:
        told = await ledger.fold_launch(session, launch)
    return Standing(told, datetime.now(UTC), PEOPLE)


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_every_refusal_has_its_code_and_its_row(sqlite_stack: Stack, situation: str) -> None:
    stack = sqlite_stack
    launch = await brought_to(stack, situation)
    now = await standing(stack, launch["id"])
    expected = [
        (kind, person, code)
        for kind, made in all_acts(now).items()
        for person in PERSONS
        if (code := expectations.outcome(now, made, person)) in REFUSALS
    ]
    assert len(expected) > 200
    found = []
    wanted = all_acts(now)
    for kind, person, _ in expected:
        path, body = request_of(possible(wanted[kind]), launch["id"])
        answer = await stack.post(path, body, person)
        found.append((kind, person, as_document(answer).get("code")))
    assert found == expected
    assert await shown(stack, launch["id"]) == launch, "nothing changed"
    rows = await refusals(stack, launch["id"])
    assert [(row["person"], row["code"]) for row in rows] == [
        (person, code) for _, person, code in expected
    ]


async def refusals(stack: Stack, launch: str) -> list[Document]:
    """Every audited refusal of a launch, in the order in which they came."""
    rows: list[Document] = []
    cursor = ""
    while True:
        path = f"/launches/{launch}/refusals?limit=100{cursor}"
        page = as_document(await stack.get(path, "sponsor"))
        rows += page["items"]
        if page["next_cursor"] is None:
            return sorted(rows, key=lambda row: str(row["at"]))
        cursor = f"&cursor={page['next_cursor']}"
