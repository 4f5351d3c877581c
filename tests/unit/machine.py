"""A state machine over `decide` and `evolve`: random plans, people right and wrong, clocks.

Every entry passes the watch, every state the checks, and from every last state there is a way to
the end: by clocks alone, by a cancellation, and, while there is time, by people doing their part.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from domain import acts
from domain.canonical import canonical
from domain.deadlines import due_deadline, next_deadline
from domain.decide import decide
from domain.errors import REFUSALS, FourEyes, Missing, NotYours, Refusal
from domain.events import Entry
from domain.evolve import evolve, fold
from domain.inbox import InboxItem, inbox_items
from domain.insights.ocel.keys import Keys
from domain.insights.ocel.log import event_log
from domain.launch import Launch
from domain.plan import Plan
from domain.replay_document import replay_document
from domain.telling import frames
from domain.view import current_details, launch_document
from domain.waits import waits
from domain.whatif.recording import recorded
from domain.whatif.rerun import rerun
from tests.plans import PEOPLE, START, start_of
from tests.unit import campaigns
from tests.unit.again import envelopes_of, otherwise_signed, without_signatures
from tests.unit.campaigns import STRANGER, People
from tests.unit.endings import GIVEN_UP, Rescue, ended_by_cancel, until_the_end
from tests.unit.event_logs import check_event_log
from tests.unit.invariants import Watch
from tests.unit.role_table import may
from tests.unit.states import check_signer, check_state

happened: Counter[str] = Counter()
"""How often each event, refusal and outcome was met, over all examples of this process."""


class LaunchMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.launch: Launch
        self.people: People = {}
        self.now: datetime = START
        self.entries: list[Entry] = []
        self.watch = Watch()
        self.number = 0
        self.effective: list[acts.Command] = []
        self.ineffective: list[acts.Command] = []

    @initialize(
        planned=campaigns.plans(),
        people=campaigns.people(),
        head_start=st.sampled_from([0, 0, 3, 9, 18]),
    )
    def start(self, planned: Plan, people: People, head_start: int) -> None:
        """The launch starts, and people do as many good acts before anything else happens."""
        self.people = people
        command = start_of(planned, people=people)
        self.carry_out(None, command)
        self.effective.append(command)
        for _ in range(head_start):
            if not self.bring_on():
                break

    def bring_on(self) -> bool:
        """Whether there was a promise or delivery that somebody could make."""
        good = (*campaigns.deliveries(self.launch), *campaigns.promises(self.launch))
        return any(
            self.act(person, act)
            for act in good
            for person, posts in self.people.items()
            if may(self.launch, act, person, posts, self.now)
        )

    # -- what everything below goes through ------------------------------------------------------

    def carry_out(self, launch: Launch | None, command: acts.Command) -> tuple[Entry, ...]:
        """Decide twice, and let every entry pass the watch. I3, I10 and I11 are kept here."""
        entries = decide(launch, command, self.now)
        assert decide(launch, command, self.now) == entries, "decide is a function"
        before = launch
        for entry in entries:
            after = evolve(before, entry)
            if before is not None:
                check_signer(before, entry, command)
            self.watch.see(before, entry, after, command)
            assert entry.command == command.id, "I11: every entry names its command"
            happened[entry.event.kind] += 1
            before = after
        assert before is not None
        self.launch = before
        self.entries.extend(entries)
        if entries:
            check_state(self.launch, self.now)
        if command.id is not None and entries:
            assert self.launch.commands[command.id] == entries[-1].seq, "I11"
        return entries

    def act(self, person: str, act: acts.PersonAct) -> bool:
        """Whether the act was taken. A refusal has a known code and a right reason."""
        self.number += 1
        posts = tuple(self.people.get(person, ()))
        command = acts.Command(act, f"c{self.number}", acts.Actor(person, "", posts), "jws")
        try:
            entries = self.carry_out(self.launch, command)
        except Refusal as refusal:
            self.check_refusal(refusal, act, person, posts)
            self.ineffective.append(command)
            return False
        assert entries, "an act that is not refused has an effect"
        assert entries[0].actor == person
        assert entries[0].jws == "jws"
        self.effective.append(command)
        return True

    def check_refusal(
        self, refusal: Refusal, act: acts.PersonAct, person: str, posts: tuple[str, ...]
    ) -> None:
        happened[refusal.code] += 1
        assert REFUSALS[refusal.code] is type(refusal)
        assert refusal.detail
        if isinstance(refusal, Missing):
            return
        allowed = may(self.launch, act, person, posts, self.now)
        if isinstance(refusal, NotYours) and allowed:
            # Only the order of the two people of a waiver is left.
            assert isinstance(act, acts.Waive | acts.WaiveFinding | acts.ResolveEscalation)
            assert person != self.launch.plan.sponsor
        elif not allowed:
            assert isinstance(refusal, NotYours | FourEyes), "who comes before when"

    # -- people ----------------------------------------------------------------------------------

    def one_of(self, data: st.DataObject, *kinds: list[acts.PersonAct]) -> None:
        """An act of one of these kinds, by somebody the role table gives it to."""
        possible = [moves for moves in kinds if moves]
        if not possible:
            return
        act = data.draw(st.sampled_from(data.draw(st.sampled_from(possible))))
        known = {**self.people, STRANGER: ()}
        allowed = [p for p, posts in known.items() if may(self.launch, act, p, posts, self.now)]
        if allowed:
            self.act(data.draw(st.sampled_from(allowed)), act)

    @rule(data=st.data())
    def work_goes_on(self, data: st.DataObject) -> None:
        promised, delivered = campaigns.promises(self.launch), campaigns.deliveries(self.launch)
        self.one_of(data, promised, promised, delivered)

    @rule(data=st.data())
    def work_goes_well(self, data: st.DataObject) -> None:
        agreed, delivered = campaigns.agreements(self.launch), campaigns.deliveries(self.launch)
        repaired = campaigns.repairs(self.launch, self.now)
        self.one_of(data, campaigns.promises(self.launch), delivered, agreed, repaired)

    @rule(data=st.data())
    def work_goes_badly(self, data: st.DataObject) -> None:
        refused, waived = campaigns.refusals(self.launch), campaigns.waivers(self.launch)
        self.one_of(data, refused, waived, campaigns.settlements(self.launch, self.now))

    @rule(data=st.data())
    def people_talk(self, data: st.DataObject) -> None:
        talk = campaigns.conversation(self.launch, self.now)
        self.one_of(data, talk, campaigns.settlements(self.launch, self.now))

    @precondition(lambda self: self.launch.is_open)
    @rule(data=st.data(), times=st.integers(1, 4))
    def terms_are_negotiated(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            self.one_of(data, campaigns.negotiation(self.launch, self.now))

    @precondition(lambda self: self.launch.is_open)
    @rule(data=st.data(), times=st.integers(1, 3))
    def signatures_wait_and_people_stand_in(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            self.one_of(data, campaigns.conditions(self.launch, self.now))

    @precondition(lambda self: self.launch.is_open)
    @rule(data=st.data())
    def the_plan_changes(self, data: st.DataObject) -> None:
        self.one_of(data, campaigns.amendments(self.launch))

    @precondition(lambda self: self.launch.is_open)
    @rule(data=st.data(), times=st.integers(1, 3))
    def people_think_again(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            self.one_of(data, campaigns.second_thoughts(self.launch))

    @rule(data=st.data(), place=st.integers(0, 5), digest=st.sampled_from(["sha256:other", ""]))
    def terms_nobody_has_seen(self, data: st.DataObject, place: int, digest: str) -> None:
        key = self.launch.steps[place % len(self.launch.steps)].key
        self.one_of(data, [acts.Sign(key, digest)])

    @rule(data=st.data())
    def planner_promises(self, data: st.DataObject) -> None:
        """I5: never, whatever posts the planner holds besides."""
        if promised := campaigns.promises(self.launch):
            assert not self.act(self.launch.plan.planner, data.draw(st.sampled_from(promised)))

    @rule(data=st.data(), person=st.sampled_from([*PEOPLE, STRANGER]))
    def anybody_does_anything(self, data: st.DataObject, person: str) -> None:
        self.act(person, data.draw(campaigns.any_act(self.launch)))

    @rule(
        person=st.sampled_from(["lead.product", "frontline.city-a", "frontline.city-b", STRANGER]),
        sure=st.integers(0, 3),
    )
    def stop(self, person: str, sure: int) -> None:
        if sure == 0:
            self.act(person, acts.StopLaunch("Wait."))

    @precondition(lambda self: self.launch.is_stopped)
    @rule(person=st.sampled_from(["sponsor", "executive", "planner.personal"]))
    def resume(self, person: str) -> None:
        self.act(person, acts.ResumeLaunch("Go on."))

    @rule(
        person=st.sampled_from(["planner.personal", "sponsor", "executive"]), sure=st.integers(0, 9)
    )
    def cancel(self, person: str, sure: int) -> None:
        if sure == 0:
            self.act(person, acts.CancelLaunch("Enough."))

    # -- repeats ---------------------------------------------------------------------------------

    @rule(data=st.data())
    def repeat_what_took_effect(self, data: st.DataObject) -> None:
        """I3: the same id again, even with another act or after the end, changes nothing."""
        command = data.draw(st.sampled_from(self.effective))
        other = acts.Command(acts.StopLaunch("Other."), command.id, command.actor)
        assert decide(self.launch, command, self.now) == ()
        assert decide(self.launch, other, self.now) == ()

    @precondition(lambda self: self.ineffective)
    @rule(data=st.data())
    def repeat_what_was_refused(self, data: st.DataObject) -> None:
        """A refusal used nothing up: the command may have its effect later, once."""
        command = data.draw(st.sampled_from(self.ineffective))
        try:
            entries = self.carry_out(self.launch, command)
        except Refusal:
            return
        assert entries
        self.ineffective.remove(command)
        self.effective.append(command)

    # -- clocks and effects ----------------------------------------------------------------------

    @rule()
    def tick(self) -> None:
        """To the next deadline, at its very instant."""
        deadline = next_deadline(self.launch)
        if deadline is not None:
            self.now = max(self.now, deadline.at)
            assert self.elapse(), "a deadline that has come brings something about"

    @rule(seconds=st.integers(1, 9) | st.integers(1, 60))
    def sleep(self, seconds: int) -> None:
        """Nobody looked at the clock for a while; several deadlines may have passed."""
        self.now += timedelta(seconds=seconds)
        self.elapse()

    @rule(milliseconds=st.integers(-500, 3000))
    def time_passes_unnoticed(self, milliseconds: int) -> None:
        """The next act comes before the clock does, or on a machine whose clock is behind: I22."""
        self.now += timedelta(milliseconds=milliseconds)

    def elapse(self) -> bool:
        entries = self.carry_out(self.launch, acts.Command(acts.Elapse()))
        assert due_deadline(self.launch, self.now) is None, "what is due has happened"
        assert decide(self.launch, acts.Command(acts.Elapse()), self.now) == ()
        return bool(entries)

    @precondition(lambda self: self.launch.compensations)
    @rule(error=st.sampled_from([None, None, "unreachable"]))
    def undo(self, error: str | None) -> None:
        """The effect reports; an open incident is left alone until somebody settles it."""
        pending = self.launch.compensations[0]
        if pending.error is None:
            command = acts.Command(acts.ReportCompensation(pending.step, error))
            assert self.carry_out(self.launch, command)

    @rule(data=st.data(), error=st.sampled_from([None, "unreachable"]))
    def undo_out_of_turn(self, data: st.DataObject, error: str | None) -> None:
        """A late or early report of an effect changes nothing."""
        turn = self.launch.compensations[0].step if self.launch.compensations else None
        others = ["no-such-step", *(c.key for c in self.launch.steps if c.key != turn)]
        command = acts.Command(acts.ReportCompensation(data.draw(st.sampled_from(others)), error))
        assert decide(self.launch, command, self.now) == ()

    # -- at the end ------------------------------------------------------------------------------

    def teardown(self) -> None:
        if not self.entries:
            return
        assert fold(self.entries) == self.launch, "I10: the ledger is the launch"
        document = launch_document(self.launch)
        assert launch_document(fold(self.entries)) == document
        canonical(document)
        current_details(self.launch)
        ids = [entry.command for entry in self.entries if entry.command is not None]
        assert {c.id for c in self.effective} == set(ids), "I11: each effect has its command"
        note(f"{self.launch.phase} {self.launch.outcome} {[e.event.kind for e in self.entries]}")
        happened[self.launch.outcome or self.launch.phase] += 1
        self.time_adds_up()
        self.inbox_can_be_worked_off()
        self.can_be_played_again()
        assert ended_by_cancel(self.launch, self.people, self.now).phase == "closed"
        self.people_can_save_it()

    def can_be_played_again(self) -> None:
        """The acts stand in the ledger, and with nothing changed they give the same run."""
        entries = [*self.entries, *until_the_end(self.launch, self.now)]
        assert fold(entries).phase == "closed"
        envelopes = envelopes_of(self.launch.id, (*self.effective, GIVEN_UP))
        assert rerun(recorded(entries, envelopes)).entries == without_signatures(entries)
        check_event_log(event_log([entries], Keys()), [entries])
        assert list(otherwise_signed(self.entries, envelopes)) == []

    def time_adds_up(self) -> None:
        """Told again, the run is the launch, and its critical waits are as long as it was."""
        told = frames(self.entries)
        assert [frame.entry.seq for frame in told] == list(range(1, len(self.entries) + 1))
        assert told[-1].launch == self.launch
        end = told[-1].at if self.launch.phase == "closed" else max(self.now, told[-1].at)
        found = waits(told, self.now)
        length = end - told[0].at
        assert sum((t.elapsed for t in found.totals if t.critical), timedelta()) == length
        assert sum((s.until - s.since for s in found.path), timedelta()) == length
        assert all(a.until == b.since for a, b in pairwise(found.path)), "without a gap"
        assert all(timedelta() <= t.business <= t.elapsed for t in found.totals)
        assert replay_document(told, self.now) == replay_document(frames(self.entries), self.now)

    def inbox_can_be_worked_off(self) -> None:
        """What stands in somebody's inbox, that person may do now, or as soon as it goes on."""
        for item in inbox_items(self.launch):
            act = wanted(self.launch, item)
            for person, posts in self.people.items() if act is not None else ():
                if act is not None and is_for(item, person, posts):
                    code = self.refusal_of(person, act)
                    if not stood_in(self.launch, person, self.now):
                        assert code in reasons_to_wait(self.launch, item, self.now), (item, person)

    def refusal_of(self, person: str, act: acts.PersonAct) -> str:
        actor = acts.Actor(person, "", tuple(self.people[person]))
        try:
            decide(self.launch, acts.Command(act, "would", actor), self.now)
        except Refusal as refusal:
            return refusal.code
        return ""

    def people_can_save_it(self) -> None:
        """While there is time, people alone bring an open launch to its good end."""
        end = self.launch.plan.end
        in_time = (end is None or self.now < end) and self.launch.plan.kind != "lesson"
        if self.launch.is_open and in_time and due_deadline(self.launch, self.now) is None:
            Rescue(self.launch, self.people, self.now).completed()


def is_for(item: InboxItem, person: str, posts: tuple[str, ...]) -> bool:
    """Whether an inbox item is shown to this person."""
    held = person == item.person or any(post in posts for post in item.posts)
    return held and person not in item.without


def stood_in(launch: Launch, person: str, now: datetime) -> bool:
    """Whether this person stood in for somebody until a moment that no clock has noticed yet."""
    given = (launch.delegate, *(c.delegate for c in launch.steps))
    return any(d is not None and d.to == person and d.until <= now for d in given)


def reasons_to_wait(launch: Launch, item: InboxItem, now: datetime) -> set[str]:
    """Why an act that is waited for may be refused; an offer may be for a plan that came late, and
    a condition be over before its clock said so.
    """
    is_over = item.kind == "condition" and item.due is not None and item.due < now
    offer = launch.step(item.step).proposal if item.kind == "accept_counter" and item.step else None
    late = {"wrong_state"} if offer is not None and offer.plan is not None else set()
    late |= {"wrong_state"} if is_over else set()
    return {"", "launch_stopped", "blocked_by_finding"} | late


def wanted(launch: Launch, item: InboxItem) -> acts.PersonAct | None:
    """The act an inbox item asks for; None where it asks for attention only."""
    step, subject = item.step or "", item.subject or ""
    match item.kind:
        case "sign":
            return acts.Sign(step, launch.step(step).digest)
        case "report":
            return acts.Report(step, "There.")
        case "accept":
            return acts.Accept(step)
        case "accept_counter":
            return acts.AcceptCounter(step, launch.step(step).digest)
        case "release":
            return acts.RefuseRelease(step, "You promised.")
        case "condition":
            waiting = launch.step(step).conditional
            assert waiting is not None
            return acts.Confirm(step, waiting.condition.fact or "")
        case "repair":
            return acts.Request(step, "Again.")
        case "reply":
            return acts.Reply(step, "Yes.")
        case "resume":
            return acts.ResumeLaunch("Go on.")
        case "escalation":
            return acts.ResolveEscalation(subject, "dismiss", "Seen.")
        case "finding":
            return acts.WaiveFinding(subject, "Known.")
        case "waiver":
            return acts.WaiveFinding(subject, "Yes.") if subject else acts.Waive(step, "Yes.")
        case _:
            return None
