"""A few dozen launches at every stage of their life, told by the real rules with signed acts, as
the samples that many are made from.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from joserfc.jwk import OKPKey

from api.calendars import build_calendar
from api.setting import Setting
from bench.plans import plan
from bench.site import CHAIN
from domain.acts import (
    Accept,
    Act,
    Actor,
    Ask,
    CancelLaunch,
    Command,
    Decline,
    Elapse,
    Report,
    ReportCompensation,
    Sign,
    StartLaunch,
)
from domain.canonical import canonical_text, plain
from domain.deadlines import next_deadline
from domain.decide import decide
from domain.events import Entry
from domain.evolve import evolve, fold
from domain.launch import Launch
from domain.organisation import Organisation
from domain.signature import envelope_of
from domain.terms import Terms
from runtime.signing import sign

ID: Final = "launch-of-sample"
CODE: Final = "code-of-sample"


@dataclass(frozen=True, slots=True)
class Signed:
    """An act as it was signed: its canonical text, the envelope over it, the JWS."""

    act: str
    envelope: dict[str, Any]
    jws: str


@dataclass(frozen=True, slots=True)
class Promised:
    """What a digest of terms is made of, besides the launch."""

    step: str
    attempt: int
    version: int
    terms: Terms


class Campaign:
    """One launch being told. People act a minute apart; time passes when told to."""

    def __init__(
        self, organisation: Organisation, key: OKPKey, *, now: datetime, planner: str
    ) -> None:
        setting = Setting(organisation, build_calendar(organisation.identity, now.year), now)
        document = plan(CODE, days=60, department=planner.partition(".")[2])
        planned = setting.resolve(document, planner)
        self.signed: list[Signed] = []
        self.promised: dict[str, Promised] = {}
        self.entries: list[Entry] = []
        self.launch: Launch | None = None
        self._posts = {person.id: person.roles for person in organisation.people}
        self._key = key
        self._now = now
        self.act(planner, StartLaunch(ID, planned, setting.calendar, setting.staff(planned)))

    @property
    def standing(self) -> Launch:
        if self.launch is None:
            raise LookupError("the launch has not begun")
        return self.launch

    def act(self, person: str, act: Act) -> None:
        """A person's act, signed as the API does."""
        self._now += timedelta(minutes=1)
        posts = self._posts[person]
        actor = Actor(person, posts[0].partition(":")[0], posts)
        command = Command(act, f"{ID}-{len(self.signed)}", actor)
        envelope: dict[str, Any] = plain(envelope_of(command, ID, self._now))
        jws = sign(envelope, self._key)
        self.signed.append(Signed(canonical_text(plain(act)), envelope, jws))
        self._tell(replace(command, jws=jws))

    def wait(self) -> None:
        """Until the next deadline has passed."""
        deadline = next_deadline(self.standing)
        if deadline is None:
            raise LookupError("the launch waits for nothing")
        self._now = max(self._now, deadline.at)
        self._tell(Command(Elapse()))

    def stand_down(self) -> None:
        """Everybody who signed a launch that is over is told so."""
        for undone in self.standing.compensations:
            self._tell(Command(ReportCompensation(undone.step)))

    def sign(self, step: str) -> None:
        self.act(f"lead.{step}", Sign(step, self.standing.step(step).digest))

    def _tell(self, command: Command) -> None:
        new = decide(self.launch, command, self._now)
        self.launch = fold(new) if self.launch is None else self.launch
        for entry in new if self.entries else ():
            self.launch = evolve(self.launch, entry)
        self.entries += new
        for step in self.launch.steps:
            made_of = Promised(step.key, step.attempt, step.version, step.terms)
            self.promised[step.digest] = made_of


Story = Callable[[Campaign], None]


def signed_up_to(count: int, campaign: Campaign) -> None:
    """The first departments of the chain have promised."""
    for step in CHAIN[:count]:
        campaign.sign(step)


def overdue_after(count: int, campaign: Campaign) -> None:
    """The next department is silent, and its escalation climbs."""
    signed_up_to(count, campaign)
    while not campaign.standing.escalations:
        campaign.wait()


def asked_after(count: int, campaign: Campaign) -> None:
    """The next department asks first."""
    signed_up_to(count, campaign)
    campaign.act(f"lead.{CHAIN[count]}", Ask(CHAIN[count], "Which outlets are meant?"))


def declined(campaign: Campaign) -> None:
    signed_up_to(3, campaign)
    campaign.act("lead.channel", Decline("channel", "No outlet has room in that month."))


def cancelled(campaign: Campaign) -> None:
    signed_up_to(2, campaign)
    campaign.act(campaign.standing.plan.planner, CancelLaunch("Another offer comes first."))
    campaign.stand_down()


def completed(campaign: Campaign) -> None:
    """Promised, delivered, accepted, and over."""
    signed_up_to(len(CHAIN), campaign)
    customers = (*(f"lead.{module}" for module in CHAIN[1:]), campaign.standing.plan.planner)
    for module, customer in zip(CHAIN, customers, strict=True):
        campaign.act(f"deputy.{module}", Report(module, "It is there."))
        campaign.act(customer, Accept(module))
    while campaign.standing.phase != "closed":
        campaign.wait()


def stories() -> Iterator[Story]:
    """Half of them over, half under way."""
    yield from (partial(signed_up_to, count) for count in range(len(CHAIN) + 1))
    yield from (partial(overdue_after, count) for count in range(len(CHAIN)))
    yield from (partial(asked_after, count) for count in range(len(CHAIN)))
    yield from (declined, cancelled)
    yield from (completed for _ in range(18))


def campaigns(organisation: Organisation, key: OKPKey) -> list[Campaign]:
    """One of each story, started on another day each, by the departments in turn."""
    planners = [person.id for person in organisation.people if "planner" in person.roles]
    today = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    told = []
    for number, story in enumerate(stories()):
        began, planner = today - timedelta(days=number), planners[number % len(planners)]
        campaign = Campaign(organisation, key, now=began, planner=planner)
        story(campaign)
        told.append(campaign)
    return told
