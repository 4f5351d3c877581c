"""Random plans, people and acts, at second scale, for the state machine."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from hypothesis import strategies as st

from domain import acts
from domain.changing import replace
from domain.commitment import UNHAPPY
from domain.launch import Launch
from domain.plan import (
    Lesson,
    Plan,
    Resource,
    Review,
    Rung,
    SilencePolicy,
    TemplateChange,
    Window,
)
from domain.plan_change import PlanChange
from domain.template import STANDARD_LAUNCH
from domain.terms import Condition, TermsChange
from tests.plans import MODULES, PEOPLE, PLANNER, SPONSOR, at, plan, rung, step, within

STRANGER = "somebody.else"
GHOST = "nobody.at.all"
"""A person no act of the machine is ever by: what is reassigned to them stays undone."""

WORDS = st.one_of(st.just("because"), st.text(max_size=8))
RUNG_ROLES = ("lead", "deputy", "head", "planner", "sponsor", "executive", "head.service", GHOST)
SILENCES: tuple[SilencePolicy, ...] = ("escalate", "decline", "deemed")

SOME_TIME = Window(at(150), at(250))

People = Mapping[str, tuple[str, ...]]


@st.composite
def people(draw: st.DrawFn) -> People:
    """The demo organisation with posts left empty, and at times a planner who also leads."""
    missing = draw(st.sets(st.sampled_from([f"deputy.{m}" for m in MODULES]), max_size=3))
    unheaded = draw(st.sets(st.sampled_from([f"head.{m}" for m in MODULES]), max_size=2))
    unheaded = {head for head in unheaded if f"deputy{head.removeprefix('head')}" not in missing}
    leading = draw(st.sampled_from([*MODULES, None, None, None]))
    gone = missing | unheaded
    staying = {person: posts for person, posts in PEOPLE.items() if person not in gone}
    if leading is not None:
        staying[PLANNER] = ("planner", f"lead:{leading}", f"head:{leading}")
    return staying


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Rung, ...]:
    """Up to four rungs, empty ones among them; none is put on the planner to perform."""
    return tuple(
        rung(draw(st.integers(0, 6)), to, "notify" if to == "planner" else draw(_doing))
        for to in draw(st.lists(st.sampled_from(RUNG_ROLES), max_size=4))
    )


_mostly = st.integers(0, 9).map(bool)
_doing: st.SearchStrategy[Literal["notify", "reassign"]] = st.sampled_from(
    ["notify", "notify", "reassign"]
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """One to six steps in any acyclic order, with every policy there is; or what a review asks."""
    if not draw(st.integers(0, 5)):
        return draw(st.one_of(actions(), lessons()))
    keys = [f"s{number}" for number in range(1, draw(st.integers(1, 6)) + 1)]
    starts = draw(st.integers(40, 120) if draw(_mostly) else st.integers(-5, 40))
    ends = starts + draw(st.integers(1, 60))
    steps = [
        step(
            key,
            draw(st.lists(st.sampled_from(keys[:place]), unique=True, max_size=2)) if place else [],
            module=draw(st.sampled_from(MODULES)),
            customer=draw(st.sampled_from([*MODULES, "planner", "planner"])),
            signers=draw(st.sampled_from([1, 1, 2])),
            deliver_by=min(
                draw(st.integers(30, 150) if draw(_mostly) else st.integers(-5, 30)), ends
            ),
            answer_within=draw(st.integers(1, 15)),
            silence=draw(st.sampled_from(SILENCES)),
            ladder=draw(ladders()),
            lead_time=draw(st.sampled_from([None, None, within(20)])),
            remind_before=draw(st.sampled_from([None, None, within(2), within(5)])),
            material=tuple(draw(st.sets(st.sampled_from(["offers", "theme", "window"])))),
        )
        for place, key in enumerate(keys)
    ]
    return plan(
        *steps,
        window=(starts, ends),
        repair_within=draw(st.integers(0, 25)),
        gate_grace=draw(st.integers(0, 15)),
        regions=draw(st.sampled_from([(), ("city-a",)])),
        acknowledged_for=draw(st.sampled_from([None, 3])),
    )


@st.composite
def actions(draw: st.DrawFn) -> Plan:
    """One module owes the planner something, and there is no window."""
    owed = step(
        "s1",
        module=draw(st.sampled_from(MODULES)),
        customer="planner",
        deliver_by=draw(st.integers(10, 60)),
        answer_within=draw(st.integers(1, 15)),
        silence=draw(st.sampled_from(SILENCES)),
        ladder=draw(ladders()),
    )
    return replace(plan(owed), window=None, review=Review("L0"))


@st.composite
def lessons(draw: st.DrawFn) -> Plan:
    """Several modules are to agree on a template, and there is no window."""
    modules = draw(st.lists(st.sampled_from(MODULES), min_size=1, max_size=4, unique=True))
    asked = [
        step(
            module,
            (),
            module=module,
            customer="planner",
            deliver_by=draw(st.integers(1, 15)),
            answer_within=draw(st.integers(1, 15)),
            silence=draw(st.sampled_from(SILENCES)),
            ladder=draw(ladders()),
        )
        for module in modules
    ]
    change = TemplateChange("product", "lead_time", "10bd", "12bd")
    lesson = Lesson("standard-launch@1", replace(STANDARD_LAUNCH, version=2), (change,))
    return replace(plan(*asked), window=None, review=Review("L0", lesson))


class Draft:
    """What any act may be about: things the launch knows, and one it does not."""

    def __init__(self, draw: st.DrawFn, launch: Launch) -> None:
        self.draw = draw
        self.launch = launch

    def place(self) -> int:
        return self.draw(_places)

    def step(self) -> str:
        keys = [*(c.key for c in self.launch.steps), "no-such-step"]
        return keys[self.place() % len(keys)]

    def digest(self) -> str:
        digests = [*(c.digest for c in self.launch.steps), "sha256:other"]
        return digests[self.place() % len(digests)]

    def finding(self) -> str:
        known = [*(f.id for f in self.launch.findings), "no-such-finding"]
        return known[self.place() % len(known)]

    def escalation(self) -> str:
        known = [*(e.id for e in self.launch.escalations), "no-such-escalation"]
        return known[self.place() % len(known)]

    def words(self) -> str:
        return self.draw(WORDS)

    def moment(self) -> datetime | None:
        after = self.draw(_moments)
        return None if after is None else self.launch.started_at + timedelta(seconds=after)

    def rating(self) -> tuple[acts.Rating, ...]:
        condition = "It is complete" if self.place() % 2 else "It is not agreed"
        return (acts.Rating(condition, self.place() - 1),) if self.place() % 2 else ()

    def instant(self) -> datetime:
        return self.launch.started_at + timedelta(seconds=self.draw(st.integers(-10, 60)))

    def condition(self) -> Condition:
        if self.place() % 2:
            return Condition(self.instant(), fact="ready")
        return Condition(self.instant(), self.step(), "signed")

    def change(self) -> TermsChange:
        return TermsChange(self.words(), deliver_by=self.moment())

    def terms(self) -> TermsChange | None:
        return self.change() if self.place() % 2 else None

    def plan_change(self) -> PlanChange:
        return self.draw(st.sampled_from(plan_changes(self.launch)))

    def window(self) -> Window | None:
        return self.plan_change().window

    def settlement(self) -> acts.ResolveEscalation:
        return acts.ResolveEscalation(
            self.escalation(),
            self.draw(_resolutions),
            self.words(),
            self.moment(),
            self.draw(st.sampled_from(ANYBODY)),
            self.window(),
        )


ANYBODY = (*PEOPLE, STRANGER)
MAKERS: tuple[Callable[[Draft], acts.PersonAct], ...] = (
    lambda d: acts.Acknowledge(d.step(), d.moment()),
    lambda d: acts.Ask(d.step(), d.words()),
    lambda d: acts.Reply(d.step(), d.words()),
    lambda d: acts.Sign(d.step(), d.digest(), d.words()),
    lambda d: acts.Decline(d.step(), d.words()),
    lambda d: acts.Counter(d.step(), d.change(), d.words()),
    lambda d: acts.Counter(d.step(), d.terms(), d.words(), d.plan_change()),
    lambda d: acts.AmendPlan(d.plan_change(), d.words()),
    lambda d: acts.DelegatePlanning(d.draw(st.sampled_from(ANYBODY)), d.instant(), d.words()),
    lambda d: acts.AcceptCounter(d.step(), d.digest()),
    lambda d: acts.WithdrawCounter(d.step(), d.words()),
    lambda d: acts.Amend(d.step(), d.change(), d.words()),
    lambda d: acts.Withdraw(d.step(), d.words()),
    lambda d: acts.RetractReport(d.step(), d.words()),
    lambda d: acts.RequestRelease(d.step(), d.words()),
    lambda d: acts.AllowRelease(d.step(), d.words()),
    lambda d: acts.RefuseRelease(d.step(), d.words()),
    lambda d: acts.Revoke(d.step(), d.words()),
    lambda d: acts.CancelCommitment(d.step(), d.words()),
    lambda d: acts.Sign(d.step(), d.digest(), condition=d.condition()),
    lambda d: acts.Confirm(d.step(), d.words()),
    lambda d: acts.Remind(d.step()),
    lambda d: acts.Delegate(d.step(), d.draw(st.sampled_from(ANYBODY)), d.instant(), d.words()),
    lambda d: acts.Report(d.step(), d.words(), d.words()),
    lambda d: acts.Accept(d.step(), d.rating(), d.words()),
    lambda d: acts.Reject(d.step(), d.words()),
    lambda d: acts.Request(d.step(), d.words(), d.terms()),
    lambda d: acts.Waive(d.step(), d.words()),
    lambda d: acts.WaiveFinding(d.finding(), d.words()),
    lambda d: acts.Escalate(d.words(), d.step() if d.place() % 2 else None),
    lambda d: acts.AcknowledgeEscalation(d.escalation(), d.words()),
    lambda d: acts.CommentOnEscalation(d.escalation(), d.words()),
    Draft.settlement,
)
_places = st.integers(0, 9)
_moments = st.none() | st.integers(-10, 60)
_resolutions: st.SearchStrategy[acts.Settlement] = st.sampled_from(
    ["extend", "reassign", "waive", "postpone", "dismiss"]
)
_makers = st.sampled_from(MAKERS)


@st.composite
def any_act(draw: st.DrawFn, launch: Launch) -> acts.PersonAct:
    """Any act on anything, sensible or not."""
    return draw(_makers)(Draft(draw, launch))


def promises(launch: Launch) -> list[acts.PersonAct]:
    """Signatures on the terms as they stand."""
    return [acts.Sign(c.key, c.digest) for c in launch.steps if c.state == "requested"]


def refusals(launch: Launch) -> list[acts.PersonAct]:
    """Declines, and deliveries that are not taken."""
    declined = [acts.Decline(c.key, "Too early.") for c in launch.steps if c.state == "requested"]
    rejected = [acts.Reject(c.key, "Incomplete.") for c in launch.steps if c.state == "reported"]
    return [*declined, *rejected]


def repairs(launch: Launch, now: datetime) -> list[acts.PersonAct]:
    """New attempts, on the same terms or with more time."""
    later = TermsChange(deliver_by=min(now + timedelta(seconds=30), _end(launch)))
    ended = [c.key for c in launch.steps if c.state in UNHAPPY]
    return [acts.Request(key, "Please.", terms) for key in ended for terms in (None, later)]


def deliveries(launch: Launch) -> list[acts.PersonAct]:
    """Reports and what the customer says to them."""
    reports = [acts.Report(c.key, "Done.") for c in launch.steps if c.state == "signed"]
    accepted = [acts.Accept(c.key) for c in launch.steps if c.state == "reported"]
    return [*reports, *accepted]


def negotiation(launch: Launch, now: datetime) -> list[acts.PersonAct]:
    """Counter-offers and what is said to them, and other terms of the planner's."""
    later = TermsChange(deliver_by=min(now + timedelta(seconds=40), _end(launch)))
    changes = (TermsChange("Half of it", ("It is complete",)), later)
    found: list[acts.PersonAct] = []
    for c in launch.steps:
        if c.state in ("requested", "countered"):
            found += [acts.Amend(c.key, change, "Rather so.") for change in changes]
            found += [acts.Withdraw(c.key, "Not needed."), acts.Decline(c.key, "No.")]
        if c.state == "requested":
            found += [acts.Counter(c.key, change, "Like this.") for change in changes]
        if c.state == "countered":
            found += 2 * [acts.AcceptCounter(c.key, c.digest)]
            found += [acts.WithdrawCounter(c.key), acts.Ask(c.key, "Well?")]
    return found


def plan_changes(launch: Launch) -> list[PlanChange]:
    """Changes that touch none, some and all of the steps, and later windows."""
    window = launch.plan.window or SOME_TIME
    second = timedelta(seconds=1)
    offers = tuple(replace(offer, pay=f"1{offer.pay}") for offer in launch.plan.offers)
    return [
        PlanChange(("title",), title="Another"),
        PlanChange(("theme",), theme=f"{launch.plan.theme or ''}x"),
        PlanChange(("offers",), offers=offers),
        PlanChange(("resources",), resources=(Resource("gift", launch.seq, "s1"),)),
        PlanChange(("window",), window=Window(window.start + 9 * second, window.end + 9 * second)),
        PlanChange(("window",), window=Window(window.start, window.end + 5 * second)),
        PlanChange(("window",), window=Window(window.start + 3 * second, window.end)),
    ]


def amendments(launch: Launch) -> list[acts.PersonAct]:
    """Other plans, of the planner's own and offered by who should promise."""
    changes = plan_changes(launch)
    asked = [c.key for c in launch.steps if c.state == "requested"]
    offered = [acts.Counter(key, None, "Rather so.", change) for key in asked for change in changes]
    agreed = [acts.AcceptCounter(c.key, c.digest) for c in launch.steps if c.state == "countered"]
    return [*(acts.AmendPlan(change, "So.") for change in changes), *offered, *(10 * agreed)]


def second_thoughts(launch: Launch) -> list[acts.PersonAct]:
    """Promises and reports taken back, with consent and without."""
    found: list[acts.PersonAct] = []
    for c in launch.steps:
        if c.state == "signed":
            found += [acts.RequestRelease(c.key, "We cannot."), acts.Revoke(c.key, "We will not.")]
        if c.release_asked is not None:
            found += [acts.AllowRelease(c.key), acts.RefuseRelease(c.key, "You promised.")]
        if c.state == "reported":
            found.append(acts.RetractReport(c.key, "Too early."))
        if c.state in ("signed", "reported"):
            found.append(acts.CancelCommitment(c.key, "Without it."))
    return found


def conditions(launch: Launch, now: datetime) -> list[acts.PersonAct]:
    """Signatures on a condition, facts confirmed, people who stand in, reminders."""
    by = min(now + timedelta(seconds=20), _end(launch))
    until = now + timedelta(seconds=8)
    found: list[acts.PersonAct] = [acts.DelegatePlanning("facilitator", until, "Away.")]
    for c in launch.steps:
        if c.state == "requested":
            waits = [Condition(by, fact="ready")]
            waits += [
                Condition(by, other.key, reaches)
                for other in launch.steps
                for reaches in ("signed", "accepted")
                if other.key != c.key
            ]
            found += [acts.Sign(c.key, c.digest, condition=wait) for wait in waits]
        if c.conditional is not None:
            found += 3 * [acts.Confirm(c.key, "ready")]
        if c.state in ("requested", "signed", "reported"):
            found.append(acts.Remind(c.key))
            found += [acts.Delegate(c.key, to, until, "Away.") for to in (STRANGER, "lead.service")]
    return found


def conversation(launch: Launch, now: datetime) -> list[acts.PersonAct]:
    """Questions, answers, and a later answer-by."""
    asked = [c.key for c in launch.steps if c.state == "requested"]
    later = now + timedelta(seconds=3)
    return [
        *(acts.Acknowledge(key) for key in asked),
        *(acts.Acknowledge(key, later) for key in asked),
        *(acts.Ask(key, "How many?") for key in asked),
        *(acts.Reply(key, "Five.") for key in asked),
    ]


def waivers(launch: Launch) -> list[acts.PersonAct]:
    """Waivers of steps and of findings."""
    states = {"requested", "signed", "reported", *UNHAPPY}
    return [
        *(acts.Waive(c.key, "We can do without.") for c in launch.steps if c.state in states),
        *(acts.WaiveFinding(f.id, "We take it.") for f in launch.findings if f.state == "open"),
    ]


def agreements(launch: Launch) -> list[acts.PersonAct]:
    """The second person's part in waivers that are open."""
    return [
        *(acts.Waive(c.key, "So be it.") for c in launch.steps if c.waiver is not None),
        *(acts.WaiveFinding(f.id, "So be it.") for f in launch.findings if f.waiver is not None),
    ]


def _end(launch: Launch) -> datetime:
    return launch.plan.end or SOME_TIME.end


def _later(launch: Launch) -> Window:
    by, window = timedelta(seconds=6), launch.plan.window or SOME_TIME
    return Window(window.start + by, window.end + by)


def settlements(launch: Launch, now: datetime) -> list[acts.PersonAct]:
    """What may be done about escalations, raising one included."""
    later = now + timedelta(seconds=4)
    performers = ("lead.product", "head.service", SPONSOR, STRANGER, GHOST)
    found: list[acts.PersonAct] = [acts.Escalate("Look.", c.key) for c in launch.steps]
    for escalation in launch.escalations:
        if not escalation.is_open:
            continue
        found += [
            acts.AcknowledgeEscalation(escalation.id),
            acts.CommentOnEscalation(escalation.id, "Who knows more?"),
            acts.ResolveEscalation(escalation.id, "dismiss", "No matter."),
            acts.ResolveEscalation(escalation.id, "extend", "A little.", answer_by=later),
            acts.ResolveEscalation(escalation.id, "waive", "Without it."),
            acts.ResolveEscalation(escalation.id, "postpone", "Later.", window=_later(launch)),
            *(acts.ResolveEscalation(escalation.id, "reassign", "You.", to=p) for p in performers),
        ]
    return found
