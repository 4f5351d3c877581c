"""The state machine of launches driven through HTTP: random people, right and wrong, repeats and
running clocks; after every act what is served is what the ledger tells, and the invariants hold.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db import integrity, ledger
from domain.acts import Actor, Command, Elapse, PersonAct
from domain.errors import REFUSALS
from domain.events import Entry
from domain.evolve import evolve, fold
from domain.launch import Launch
from domain.view import launch_document
from tests.api.plans import plan
from tests.api.story import PLANNER, as_document, shown, started, until
from tests.api.wire import request_of
from tests.plans import PEOPLE
from tests.stack import Stack
from tests.unit import campaigns
from tests.unit.invariants import Watch
from tests.unit.role_table import may
from tests.unit.states import check_state

ACTS = 25
ACCEPTED = 202
WAYS = 3
"""So many in four acts are by somebody who may do them."""


@dataclass
class Conversation:
    """One launch of an installation, followed entry by entry."""

    stack: Stack
    id: str
    watch: Watch = field(default_factory=Watch)
    entries: list[Entry] = field(default_factory=list)
    launch: Launch | None = None
    met: Counter[str] = field(default_factory=Counter)

    def standing(self) -> Launch:
        assert self.launch is not None
        return self.launch

    async def follow(self, act: PersonAct | None = None) -> None:
        """Take in what was appended since, each entry under watch."""
        async with self.stack.database.read() as session:
            stored = await ledger.entries(session, self.id, after=len(self.entries))
        for entry in (one.entry for one in stored):
            after = evolve(self.launch, entry)
            actor = Actor(entry.actor, "", tuple(PEOPLE.get(entry.actor, ())))
            by_person = act is not None and entry.command is not None
            command = Command(act if by_person and act else Elapse(), entry.command, actor)
            self.watch.see(self.launch, entry, after, command)
            self.met[entry.event.kind] += 1
            self.entries.append(entry)
            self.launch = after
        check_state(self.standing(), self.entries[-1].at)

    async def act(self, act: PersonAct, person: str, key: str) -> None:
        """An act with its reply judged, and repeated under its key."""
        path, body = request_of(act, self.id)
        before = self.standing().seq
        answer = await self.stack.post(path, body, person, key=key)
        assert answer.status_code != ACCEPTED, "a worker is there, and has time enough"
        await self.follow(act)
        again = await self.stack.post(path, body, person, key=key)
        assert (again.status_code, again.text) == (answer.status_code, answer.text), "I13"
        other = await self.stack.post(path, {**body, "reason": f"not {key}"}, person, key=key)
        assert other.status_code in (409, 422), "I13: the key is taken"
        mine = [entry for entry in self.entries[before:] if entry.command is not None]
        if answer.status_code in (200, 201):
            self.met["done"] += 1
            assert mine, "what is done stands in the ledger"
            assert as_document(answer)["seq"] >= mine[-1].seq
        else:
            code = str(as_document(answer)["code"])
            assert code in REFUSALS, answer.text
            self.met[code] += 1
            assert not mine, "a refused act changes nothing"

    async def is_served_as_told(self) -> None:
        """I10, I18: GET is the fold of the ledger, as of one moment."""
        served = await shown(self.stack, self.id)
        await self.follow()
        told = fold(entry for entry in self.entries if entry.seq <= served["seq"])
        assert served == launch_document(told)
        assert fold(self.entries) == self.launch


def quick_plan(draw: st.DataObject) -> dict[str, Any]:
    """The standard chain at second scale: everything may be late."""
    now = datetime.now(UTC)
    opens = now + timedelta(seconds=draw.draw(st.sampled_from([3, 600])))
    ends = opens + timedelta(seconds=600)
    steps: list[dict[str, Any]] = [
        {"key": key, "deliver_by": _text(opens + timedelta(seconds=draw.draw(st.integers(-1, 9))))}
        for key in ("product", "marketing", "communications", "channel", "service")
    ]
    steps[1]["signers"] = draw.draw(st.sampled_from([1, 2]))
    ladder = [{"after": "PT0S", "to": "lead"}, {"after": "PT0.3S", "to": "head", "do": "reassign"}]
    policy = {
        "answer_within": draw.draw(st.sampled_from(["PT1S", "PT10M"])),
        "repair_within": draw.draw(st.sampled_from(["PT2S", "PT10M"])),
        "gate_grace": "PT10M",
        "silence": draw.draw(st.sampled_from(["escalate", "decline"])),
        "ladder": ladder,
        "remind_before": "PT0.5S",
        "acknowledged_for": "PT1S",
    }
    window = {"start": _text(opens), "end": _text(ends)}
    return plan(window=window, steps=steps, policy=policy)


def _text(instant: datetime) -> str:
    return instant.isoformat()


def proposed(launch: Launch, now: datetime, draw: st.DataObject) -> PersonAct:
    """An act of a kind that makes sense now, or of any."""
    kinds = (
        campaigns.promises(launch),
        campaigns.deliveries(launch),
        campaigns.refusals(launch),
        campaigns.repairs(launch, now),
        campaigns.negotiation(launch, now),
        campaigns.second_thoughts(launch),
        campaigns.conditions(launch, now),
        campaigns.conversation(launch, now),
        campaigns.waivers(launch),
        campaigns.settlements(launch, now),
        campaigns.amendments(launch),
    )
    possible = [moves for moves in kinds if moves]
    return draw.draw(st.sampled_from(draw.draw(st.sampled_from(possible))))


Run = Callable[[Coroutine[Any, Any, Any]], Any]
"""Carries a coroutine out where the installation lives, while examples are drawn here."""


def talk(run: Run, stack: Stack, draw: st.DataObject, met: Counter[str]) -> None:
    """One launch from its start to its end."""
    launch = run(started(stack, **quick_plan(draw)))
    conversation = Conversation(stack, launch["id"])
    run(conversation.follow())
    for number in range(ACTS):
        act, person = chosen(conversation.standing(), draw)
        run(conversation.act(act, person, f"{launch['id']}-{number}"))
        run(conversation.is_served_as_told())
        run(asyncio.sleep(draw.draw(st.sampled_from([0, 0, 0, 0.2]))))
        if conversation.standing().phase == "closed":
            break
    run(ended(stack, conversation))
    met.update(conversation.met)


def chosen(launch: Launch, draw: st.DataObject) -> tuple[PersonAct, str]:
    """An act, mostly by somebody who may do it."""
    now = datetime.now(UTC)
    act = proposed(launch, now, draw)
    allowed = [p for p, posts in PEOPLE.items() if may(launch, act, p, posts, now)]
    is_right = bool(allowed) and draw.draw(st.integers(0, WAYS)) > 0
    return act, draw.draw(st.sampled_from(allowed if is_right else sorted(PEOPLE)))


async def ended(stack: Stack, conversation: Conversation) -> None:
    """Cancelled where it goes on; then whole, and told again as it happened."""
    if conversation.standing().is_open:
        cancelled = {"reason": "enough"}
        await stack.post(f"/launches/{conversation.id}/cancel", cancelled, PLANNER)
    if conversation.standing().ending != "completed":
        await until(stack, conversation.id, lambda now: now["phase"] == "closed")
    await conversation.follow()
    verified = await integrity.verify(stack.database, conversation.id)
    lasting = [p for p in verified.problems if p.kind != "archive"]
    assert lasting == []
    replay = as_document(await stack.get(f"/launches/{conversation.id}/replay"))
    assert replay["verified"], replay["verification"]


@pytest.mark.parametrize("examples", [4, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.timeout(300)
async def test_whatever_people_do_over_http_the_ledger_tells_it(
    sqlite_stack: Stack, examples: int
) -> None:
    met: Counter[str] = Counter()

    loop = asyncio.get_running_loop()

    def run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.data())
    def talks(data: st.DataObject) -> None:
        talk(run, sqlite_stack, data, met)

    await asyncio.to_thread(talks)
    assert met["done"] >= examples * ACTS / 5
    assert met["not_yours"]
