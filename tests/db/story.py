"""Launches as ledgers: acts of people, signed and decided, without workflow or API."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from db import archives, codes, keys, ledger, read_model
from db.projection import NOTHING, project
from db.session import Database
from db.transaction import Session
from domain.acts import Accept, Actor, Command, Elapse, PersonAct, Report, Sign
from domain.canonical import plain
from domain.decide import decide
from domain.events import Entry
from domain.evolve import evolve, fold
from domain.launch import Launch
from domain.plan import Plan
from domain.signature import envelope_of
from runtime.signing import generate_key, public_jwk, sign
from tests.plans import MODULES, PEOPLE, at, chain_of_five, start_of

KEY: Final = generate_key()
JWK: Final = public_jwk(KEY)


def signed(command: Command, launch: str, now: datetime) -> Command:
    """The command with its envelope signed, as the API sends it."""
    envelope = plain(envelope_of(command, launch, now))
    return replace(command, jws=sign(envelope, KEY))


class Story:
    """A launch that is being told; `entries` are what its ledger holds so far."""

    def __init__(self, launch: str = "L1", plan: Plan | None = None) -> None:
        plan = plan or chain_of_five()
        start = signed(start_of(plan, launch=launch, command=f"{launch}-0"), launch, at(0))
        self.id = launch
        self.code = plan.code
        self._acts = 0
        self.entries: tuple[Entry, ...] = decide(None, start, at(0))
        self.launch: Launch = fold(self.entries)

    def act(self, person: str, act: PersonAct, seconds: float = 1) -> tuple[Entry, ...]:
        """What this person's act brings about, so many seconds after the start."""
        self._acts += 1
        actor = Actor(person, person.partition(".")[0], PEOPLE[person])
        command = Command(act, f"{self.id}-{self._acts}", actor)
        return self._tell(signed(command, self.id, at(seconds)), seconds)

    def wait(self, seconds: float) -> tuple[Entry, ...]:
        """What has happened by itself until then."""
        return self._tell(Command(Elapse()), seconds)

    def sign(self, step: str, person: str | None = None, seconds: float = 1) -> tuple[Entry, ...]:
        digest = self.launch.step(step).digest
        return self.act(person or f"lead.{step}", Sign(step, digest), seconds)

    def _tell(self, command: Command, seconds: float) -> tuple[Entry, ...]:
        new = decide(self.launch, command, at(seconds))
        for entry in new:
            self.launch = evolve(self.launch, entry)
        self.entries += new
        return new


def stalled_story(launch: str = "L1", code: str | None = None) -> Story:
    """Product has signed; marketing is silent, and an escalation is open."""
    story = Story(launch, replace(chain_of_five(), code=code or f"FT-{launch}"))
    story.sign("product", seconds=1)
    story.wait(17)
    return story


def signed_story(launch: str = "L1", code: str | None = None) -> Story:
    """A launch all of whose steps are signed, reported and accepted, up to its end."""
    story = Story(launch, replace(chain_of_five(), code=code or f"FT-{launch}"))
    for module in MODULES:
        story.sign(module)
    customers = (*(f"lead.{module}" for module in MODULES[1:]), "planner.personal")
    for module, customer in zip(MODULES, customers, strict=True):
        story.act(f"deputy.{module}", Report(module, "done"), 20)
        story.act(customer, Accept(module), 30)
    story.wait(100)
    story.wait(200)
    return story


async def prepare(database: Database, *stories: Story) -> None:
    """Trust the tests' key and reserve the stories' codes, as the API does before a start."""
    async with database.write() as session:
        await keys.trust(session, JWK, at=at(0))
        for story in stories:
            await codes.reserve(
                session, story.launch.plan.code, story.id, person="planner.personal", at=at(0)
            )


async def write(database: Database, *stories: Story) -> None:
    """Ledger, read model and archive of these stories."""
    await prepare(database, *stories)
    for story in stories:
        async with database.write() as session:
            appended = await ledger.append(session, story.id, story.entries)
            await read_model.store(session, project(story.launch), since=NOTHING)
            await owe(session, story, appended.after)


async def owe(session: Session, story: Story, head: str) -> None:
    """A story that has ended owes the archive its history."""
    if story.launch.closed_at is not None:
        closed_at, entries = story.launch.closed_at, story.launch.seq
        await archives.owe(session, story.id, closed_at=closed_at, entries=entries, head=head)
