"""The numbered invariants of a launch, judged entry by entry."""

from copy import deepcopy
from datetime import timedelta
from typing import Final

from domain import events
from domain.acts import Command
from domain.commitment import OPEN, SATISFIED, UNHAPPY, Commitment
from domain.launch import Launch
from domain.plan import Plan
from domain.plan_change import PLAN_FIELDS
from domain.terms import Version, terms_digest
from tests.plans import window_of
from tests.unit.clock_watch import ClockWatch

ANSWERS: Final = (
    events.CommitmentSigned,
    events.CommitmentDeemed,
    events.ConditionMet,
    events.CommitmentDeclined,
    events.CommitmentLapsed,
)
APPROVALS: Final = (
    events.CounterOffered,
    events.CounterAccepted,
    events.CommitmentReleased,
    events.SignatureGiven,
    events.SignedConditionally,
    events.FactConfirmed,
    events.CommitmentSigned,
    events.DeliveryAccepted,
    events.WaiverOpened,
    events.CommitmentWaived,
    events.FindingWaiverOpened,
    events.FindingWaived,
    events.LaunchResumed,
)
AFTER_THE_END: Final = (
    events.CommitmentCancelled,
    events.StepCompensated,
    events.CompensationFailed,
    events.LaunchClosed,
    *(events.EscalationRaised, events.EscalationAcknowledged, events.EscalationResolved),
    events.EscalationCommented,
)
TAKEN_BACK: Final = (
    events.DeliveryRejected,
    events.ReportRetracted,
    events.AttemptRenewed,
    events.CounterAccepted,
    events.CounterWithdrawn,
    events.TermsAmended,
    events.CommitmentSuperseded,
)
"""Acts by which a commitment goes back to where it was."""
UNHAPPY_ENDS: Final = (
    events.CommitmentDeclined,
    events.CommitmentLapsed,
    events.CommitmentWithdrawn,
    events.CommitmentReleased,
    events.CommitmentRevoked,
    events.CommitmentCancelled,
)
PROGRESS: Final = ("pending", "requested", "countered", "signed", "reported", "accepted")
PHASES: Final = ("committing", "preparing", "live", "closing", "closed")


class Watch:
    """Sees every entry with the launch before and after it, and fails at the first wrong one."""

    def __init__(self) -> None:
        self.answers: set[tuple[str, int, int]] = set()
        self.clocks = ClockWatch()
        self.ran: list[str] = []
        self.compensated: list[str] = []
        self.openers: dict[str, str] = {}
        self.touched: set[str] = set()

    def copied(self) -> "Watch":
        """Another watch that has seen the same, for another way on from here."""
        return deepcopy(self)

    def see(
        self, before: Launch | None, entry: events.Entry, after: Launch, command: Command
    ) -> None:
        event = entry.event
        assert after.seq == entry.seq, "I22: the order is the sequence"
        if before is None:
            assert entry.seq == 1
            return
        assert entry.seq == before.seq + 1, "I10: gapless"
        self.opens_after_its_upstream(before, event)
        self.signature_names_the_terms(before, entry, after)
        self.one_answer_in_a_version(before, event)
        self.silence_is_no_approval(before, entry, after)
        self.clocks.see(before, entry, after)
        self.no_way_back_by_itself(before, entry, after, command)
        self.nothing_is_decided_after_the_end(before, event)
        self.repair_time_is_one_budget(before, entry, after)
        self.findings_stand_before_promises(before, event)
        self.waivers_and_judgements_take_two(before, entry)
        self.undone_in_reverse(before, event)
        self.a_plan_voids_what_rests_on_it(before, entry, after)
        self.ran = [key for key in self.ran if after.step(key).ran_seq is not None]

    def opens_after_its_upstream(self, before: Launch, event: events.Event) -> None:
        """I1: a step is requested only when all it waits for are satisfied, and ran."""
        if isinstance(event, events.CommitmentRequested):
            upstream = before.upstream(before.step(event.step))
            assert all(c.state in SATISFIED and c.ran_seq is not None for c in upstream)
            assert before.step(event.step).state == "pending"
            assert before.phase in ("committing", "preparing", "live")
            assert before.stop is None

    def signature_names_the_terms(self, before: Launch, entry: events.Entry, after: Launch) -> None:
        """I2: a signature names launch, step, attempt, version, digest, signer; other terms and a
        new attempt void this step's signatures, keep them, and touch nobody else's.
        """
        event = entry.event
        if isinstance(event, events.CounterOffered):
            stood = before.step(event.step)
            assert event.person == entry.actor
            assert event.version > max((stood.version, *(v.version for v in stood.versions)))
            assert [s.person for s in after.step(event.step).signatures] == [entry.actor]
        if isinstance(event, events.SignatureGiven | events.CommitmentSigned):
            stood = before.step(event.step)
            assert event.person == entry.actor
            assert (event.attempt, event.version) == (stood.attempt, stood.version)
            assert event.digest == stood.digest
            assert len(after.step(event.step).signatures) == len(stood.signatures) + 1
        for was, now in zip(before.steps, after.steps, strict=True):
            if was is now:
                continue
            versions: tuple[Commitment | Version, ...] = (now, *now.versions)
            for told in versions:
                assert told.digest == terms_digest(
                    after.id, now.key, attempt=now.attempt, version=told.version, terms=told.terms
                )
                assert all(s.digest == told.digest for s in told.signatures)
                assert all(s.version == told.version for s in told.signatures)
            numbers = [told.version for told in versions]
            assert len(set(numbers)) == len(numbers), "no version twice"
            if isinstance(event, events.AttemptRenewed) and event.step == now.key:
                assert now.signatures == ()
                assert now.attempts[-1].signatures == was.signatures
                assert now.attempts[-1].versions == was.versions
            elif now.version == was.version:
                assert now.signatures[: len(was.signatures)] == was.signatures
            else:
                kept = {version.version: version for version in now.versions}
                assert kept[was.version].signatures == was.signatures
                assert set(kept) >= {version.version for version in was.versions} - {now.version}
                assert event.step == now.key  # type: ignore[union-attr]  # one about a step
            assert len({s.person for s in now.signatures}) == len(now.signatures), "four eyes"

    def one_answer_in_a_version(self, before: Launch, event: events.Event) -> None:
        """I4: at most one of signed, deemed, declined and lapsed per version of an attempt; what is
        offered is another version each time, and so is counted by its number.
        """
        is_first_of_two = isinstance(event, events.ConditionMet) and event.answer_by is not None
        if isinstance(event, ANSWERS) and not is_first_of_two:
            answered = (event.step, before.step(event.step).attempt, event.version)
            assert answered not in self.answers
            self.answers.add(answered)

    def silence_is_no_approval(self, before: Launch, entry: events.Entry, after: Launch) -> None:
        """I6: what no person brought about approves nothing; `deemed` is labelled and unsigned."""
        event = entry.event
        if entry.actor != events.SYSTEM:
            return
        assert not isinstance(event, APPROVALS)
        if isinstance(event, events.CommitmentDeemed):
            stood, now = before.step(event.step), after.step(event.step)
            assert stood.plan.silence == "deemed"
            assert stood.plan.signers == 1
            assert stood.answer is not None
            assert stood.answer.due <= entry.at
            assert now.deemed
            assert now.signatures == ()
        for was, now in zip(before.steps, after.steps, strict=True):
            became = now.state != was.state and now.state in SATISFIED
            if became and isinstance(event, events.ConditionMet):
                assert was.conditional is not None, "somebody has signed, and said when it holds"
                assert was.conditional.signature in now.signatures
                continue
            assert not became or isinstance(event, events.CommitmentDeemed)

    def no_way_back_by_itself(
        self, before: Launch, entry: events.Entry, after: Launch, command: Command
    ) -> None:
        """I15: no state goes back, and no end is left, but by an act that says so."""
        event = entry.event
        assert PHASES.index(after.phase) >= PHASES.index(before.phase)
        assert before.outcome in (None, after.outcome)
        assert before.ending in (None, after.ending)
        for was, now in zip(before.steps, after.steps, strict=True):
            if was.state == now.state:
                continue
            assert getattr(event, "step", now.key) == now.key, "an event moves its own step"
            if isinstance(event, TAKEN_BACK):
                assert command.actor is not None
                assert entry.actor == command.actor.person
                continue
            if isinstance(event, events.CommitmentReturned):
                assert was.state in ("requested", "countered")
                assert not all(c.state in SATISFIED for c in before.upstream(was))
                continue
            assert was.state not in ("accepted", "waived"), "an end stays"
            assert was.state not in UNHAPPY or now.state == "waived"
            if was.state in PROGRESS and now.state in PROGRESS:
                assert PROGRESS.index(now.state) > PROGRESS.index(was.state)

    def nothing_is_decided_after_the_end(self, before: Launch, event: events.Event) -> None:
        """I16: after cancel or failure there is only letting go, talking, and the close."""
        if before.ending in ("cancelled", "failed"):
            assert isinstance(event, AFTER_THE_END)
        assert before.phase != "closed"

    def repair_time_is_one_budget(self, before: Launch, entry: events.Entry, after: Launch) -> None:
        """What earlier repairs left over is all there is: a new attempt does not fill it up."""
        event = entry.event
        if isinstance(event, UNHAPPY_ENDS) and before.ending is None:
            left, repair = before.step(event.step).repair_left, after.step(event.step).repair
            assert repair is not None
            assert left is None or repair.due == entry.at + left
        if isinstance(event, events.AttemptRenewed):
            left, repair = after.step(event.step).repair_left, before.step(event.step).repair
            assert repair is not None
            assert left == max(repair.due - entry.at, timedelta())

    def findings_stand_before_promises(self, before: Launch, event: events.Event) -> None:
        """No promise, and no silence in its place, while a finding blocks its step."""
        promises = (
            events.SignatureGiven,
            events.CommitmentSigned,
            events.CommitmentDeemed,
            events.CounterAccepted,
        )
        if isinstance(event, promises):
            assert not any(f.is_blocking and f.step == event.step for f in before.findings)

    def waivers_and_judgements_take_two(self, before: Launch, entry: events.Entry) -> None:
        """Four eyes: a waiver is opened by the sponsor and agreed to by another, with no other act
        on the step in between; nobody judges the own report.
        """
        event = entry.event
        match event:
            case events.WaiverOpened() | events.FindingWaiverOpened():
                assert entry.actor == before.plan.sponsor
                self.openers[getattr(event, "finding", event.step)] = entry.actor
            case events.CommitmentWaived() | events.FindingWaived():
                opener = self.openers.pop(getattr(event, "finding", event.step))
                assert event.opened_by == opener
                assert opener != entry.actor
            case events.DeliveryAccepted() | events.DeliveryRejected():
                assert before.step(event.step).deliveries[-1].by != entry.actor
            case _:
                pass
        talk = (
            *(events.EscalationRaised, events.EscalationAcknowledged, events.EscalationResolved),
            *(events.FindingRaised, events.FindingCleared, events.EscalationCommented),
        )
        is_waiver = isinstance(event, (events.WaiverOpened, events.FindingWaiverOpened))
        if entry.actor != events.SYSTEM and not isinstance(event, talk) and not is_waiver:
            self.openers.pop(events.step_of(event) or "", None)

    def a_plan_voids_what_rests_on_it(
        self, before: Launch, entry: events.Entry, after: Launch
    ) -> None:
        """I2: another plan voids exactly the commitments that rest on what changed in it; in a
        postponement none, and what is owed is due later.
        """
        event = entry.event
        if isinstance(event, events.PlanAmended):
            moved, fields = _moved(before.plan, event.plan)
            self.touched = set() if moved else _resting_on(before, fields)
            for was, now in zip(before.steps, after.steps, strict=True):
                assert (now.version, now.signatures, now.state) == (
                    was.version,
                    was.signatures,
                    was.state,
                )
                owed = moved and (was.state in OPEN or was.state in UNHAPPY)
                later = moved if owed and was.state != "countered" else timedelta()
                assert now.due - was.due in ({later} | ({moved} if owed else set()))
        elif isinstance(event, events.CommitmentSuperseded):
            self.touched.discard(event.step)
            assert set(event.fields) <= set(before.step(event.step).plan.material)
            assert event.fields
        elif isinstance(event, events.CounterAccepted):
            self.touched.discard(event.step)  # these terms were made for that plan
            assert not self.touched
        elif not isinstance(event, events.FindingRaised | events.FindingCleared):
            assert not self.touched

    def undone_in_reverse(self, before: Launch, event: events.Event) -> None:
        """I9: what ran is undone last in, first out, each exactly once."""
        match event:
            case events.StepRan():
                assert event.step not in self.ran
                self.ran.append(event.step)
            case events.AttemptRenewed():
                assert event.step not in self.ran, "what ran is not asked for again"
            case events.StepCompensated():
                self.compensated.append(event.step)
                assert self.compensated == self.ran[::-1][: len(self.compensated)]
            case events.LaunchClosed():
                undone = [] if event.outcome == "completed" else self.ran[::-1]
                assert self.compensated == undone
                assert before.compensations == ()
            case _:
                return


def _moved(before: Plan, after: Plan) -> tuple[timedelta, set[str]]:
    """By how much a postponement moves the window (zero: it is none), and what changed at all."""
    fields: set[str] = {f for f in PLAN_FIELDS if getattr(before, f) != getattr(after, f)}
    if before.window is None:
        return timedelta(), fields
    start = window_of(after).start - window_of(before).start
    end = window_of(after).end - window_of(before).end
    later = fields - {"title"} == {"window"} and start == end > timedelta()
    return (start if later else timedelta()), fields


def _resting_on(launch: Launch, fields: set[str]) -> set[str]:
    """Steps that have been asked for on one of these fields, and that nobody excused."""
    asked = (c for c in launch.steps if c.requested_at is not None and c.state != "waived")
    return {c.key for c in asked if fields & set(c.plan.material)}
