"""Ways to the end of a launch: by clocks alone, and by people who do their part."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from domain import acts
from domain.commitment import DELIVERED, SATISFIED, Commitment
from domain.deadlines import next_deadline
from domain.decide import decide
from domain.errors import Refusal
from domain.events import Entry
from domain.evolve import evolve
from domain.launch import Launch
from tests.plans import PLANNER
from tests.unit.role_table import may

BOUND = 400
People = Mapping[str, Iterable[str]]


GIVEN_UP = acts.Command(
    acts.CancelLaunch("Given up."), "given-up", acts.Actor(PLANNER, "planner", ("planner",)), "jws"
)
"""How what follows from a review ends where nobody does anything any more: it has no window."""


class NoEndError(AssertionError):
    """A launch from which no way leads on."""


def after_all(launch: Launch, entries: Iterable[Entry]) -> Launch:
    """The launch after these entries."""
    for entry in entries:
        launch = evolve(launch, entry)
    return launch


def ended_by_clocks(launch: Launch, now: datetime) -> Launch:
    """The end where nobody acts any more."""
    return after_all(launch, until_the_end(launch, now))


def until_the_end(launch: Launch, now: datetime) -> tuple[Entry, ...]:
    """What happens until the end where nobody acts any more: every deadline fires in turn, and what
    is undone succeeds.
    """
    told: list[Entry] = []
    for _ in range(BOUND):
        if launch.phase == "closed":
            return tuple(told)
        command = acts.Command(acts.Elapse())
        deadline = next_deadline(launch)
        if launch.compensations:
            command = acts.Command(acts.ReportCompensation(launch.compensations[0].step))
        elif deadline is None and launch.plan.kind != "campaign":
            command = GIVEN_UP
        elif deadline is None:
            message = f"nothing happens by itself any more: {launch}"
            raise NoEndError(message)
        else:
            now = max(now, deadline.at)
        entries = decide(launch, command, now)
        assert entries, "a deadline that has come brings something about"
        told += entries
        launch = after_all(launch, entries)
        following = next_deadline(launch)
        is_elapsed = isinstance(command.act, acts.Elapse)
        assert not is_elapsed or following is None or following.at > now, "time goes on"
    message = f"no end within {BOUND} deadlines"
    raise NoEndError(message)


class Rescue:
    """People bring a launch that is still open to its good end, without a moment passing."""

    def __init__(self, launch: Launch, people: People, now: datetime) -> None:
        self.launch = launch
        self.people = people
        self.now = now
        self.number = 0

    def completed(self) -> Launch:
        """Every step delivered or waived and nothing blocking; then only clocks to the end."""
        if self.launch.is_stopped:
            assert self.by_anybody(acts.ResumeLaunch("On with it."))
        for _ in range(BOUND):
            if not self.moved():
                break
        wanted = SATISFIED if self.launch.plan.kind == "lesson" else DELIVERED
        assert all(c.state in wanted for c in self.launch.steps), "a dead end for people"
        closed = ended_by_clocks(self.launch, self.now)
        assert closed.outcome == ("completed" if self.can_go_live else "failed")
        return closed

    @property
    def can_go_live(self) -> bool:
        """Stops shift the gate, but not the end of the window: a long one leaves no time."""
        gate, end = self.launch.gate, self.launch.plan.end
        if gate.passed_at is not None or gate.opens_at is None or end is None:
            return True
        return gate.opens_at <= end

    def moved(self) -> bool:
        """Whether somebody found something to do that brings the launch on."""
        return any(
            self.by_anybody(f)
            for f in (
                acts.WaiveFinding(f.id, "Known.") for f in self.launch.findings if f.is_blocking
            )
        ) or any(self.brought_on(c) for c in self.launch.steps if c.state not in DELIVERED)

    def brought_on(self, commitment: Commitment) -> bool:
        """Done by those who owe and receive; where they cannot, somebody else is put in charge."""
        key = commitment.key
        match commitment.state:
            case "requested" if commitment.conditional is not None:
                if self.launch.plan.kind != "campaign":  # which would end with that
                    return self.waived(key)
                # Whoever asked asks no more, and asks again.
                return self.by_anybody(acts.Withdraw(key, "Without conditions."))
            case "requested":
                signed = acts.Sign(key, commitment.digest)
                return self.by_anybody(signed) or self.reassigned(commitment)
            case "countered":
                # An offer for a plan whose time has come cannot be taken any more.
                taken = acts.AcceptCounter(key, commitment.digest)
                if self.launch.plan.kind != "campaign":
                    return self.by_anybody(taken) or self.waived(key)
                return self.by_anybody(taken) or self.by_anybody(acts.Withdraw(key, "Too late."))
            case "signed":
                return self.by_anybody(acts.Report(key, "There.")) or self.waived(key)
            case "reported":
                return self.by_anybody(acts.Accept(key)) or self.waived(key)
            case "pending":
                return False
            case _:
                return self.by_anybody(acts.Request(key, "Once more."))

    def waived(self, key: str) -> bool:
        """Opened by one, agreed to by another."""
        return self.by_anybody(acts.Waive(key, "Without it."))

    def reassigned(self, commitment: Commitment) -> bool:
        """Anybody raises it; the sponsor puts somebody of the module in charge."""
        signed = {s.person for s in commitment.signatures}
        module = commitment.plan.module
        willing = [
            person
            for person, posts in self.people.items()
            if any(post.endswith(f":{module}") for post in posts)
            and person not in signed | {self.launch.plan.planner}
        ]
        if not willing or not self.by_anybody(acts.Escalate("Nobody signs.", commitment.key)):
            return False
        raised = self.launch.escalations[-1].id
        return self.by_anybody(acts.ResolveEscalation(raised, "reassign", "You.", to=willing[0]))

    def by_anybody(self, act: acts.PersonAct) -> bool:
        """Done by the first person whose act is not refused."""
        for person, posts in self.candidates(act):
            self.number += 1
            actor = acts.Actor(person, "", tuple(posts))
            try:
                entries = decide(
                    self.launch, acts.Command(act, f"rescue-{self.number}", actor), self.now
                )
            except Refusal:
                continue
            self.launch = after_all(self.launch, entries)
            return True
        return False

    def candidates(self, act: acts.PersonAct) -> Iterator[tuple[str, Iterable[str]]]:
        for person, posts in self.people.items():
            if may(self.launch, act, person, posts, self.now):
                yield person, posts


def ended_by_cancel(launch: Launch, people: People, now: datetime) -> Launch:
    """The planner calls it off; nothing but letting go is left."""
    rescue = Rescue(launch, people, now)
    if launch.is_open:
        assert rescue.by_anybody(acts.CancelLaunch("Enough."))
    return ended_by_clocks(rescue.launch, now)
