"""The launch as a durable workflow: thin around `decide` and `evolve`, one launch each."""

import asyncio
from datetime import datetime
from functools import reduce

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError, FailureError

from domain import acts
from domain.deadlines import due_deadline, next_deadline
from domain.decide import Decision, decision, judge
from domain.errors import Forged, Refusal
from domain.evolve import evolve
from domain.launch import Compensation, Launch
from domain.ports import RECORD, STAND_DOWN, Append, Recorded, StandDown
from domain.signature import check_envelope
from domain.view import current_details
from runtime.signing import SignatureInvalid, verify
from workflows import policies
from workflows.messages import Done, LaunchInput
from workflows.refusals import as_failure, as_fault, as_forgery

PHASE = SearchAttributeKey.for_keyword("CountersignPhase")
DEPARTMENT = SearchAttributeKey.for_keyword("CountersignDepartment")
CODE = SearchAttributeKey.for_keyword("CountersignCode")
STOPPED = SearchAttributeKey.for_keyword("CountersignStopped")


@workflow.defn(name="LaunchWorkflow")
class LaunchWorkflow:
    """One launch, from its start to its end.

    Messages: update `act` (a person's command), update `started` (answers once the launch stands
    in the ledger). Timers: one, for the next deadline. Ends: closed, with the outcome as result;
    continues as new when Temporal suggests it, with the launch and its processed commands.
    """

    @workflow.init
    def __init__(self, given: LaunchInput) -> None:
        self._given = given
        self._trusted = {key.kid: {"x": key.x} for key in given.keys}
        self._launch: Launch | None = given.launch
        self._lock = asyncio.Lock()
        self._alarm: tuple[datetime, asyncio.Task[None]] | None = None
        self._has_news = False
        self._is_refused = False

    @workflow.run
    async def run(self, given: LaunchInput) -> str:
        """The outcome: completed, cancelled or failed.

        A cancellation told to Temporal changes nothing: cancelling a launch is an act.
        """
        life = asyncio.create_task(self._live(given))
        while True:
            try:
                return await asyncio.shield(life)
            except asyncio.CancelledError:
                if life.cancelled():
                    raise

    async def _live(self, given: LaunchInput) -> str:
        if self._launch is None:
            await self._start(given)
        workflow.set_current_details(current_details(self.launch))
        while self.launch.outcome is None:
            if workflow.info().is_continue_as_new_suggested():
                await self._continue_as_new()
            await self._turn()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.launch.outcome

    @workflow.update(name="act")
    async def act(self, command: acts.Command) -> Done:
        """A person's act; anyone the role table names, proved by the command's envelope.

        Refused with the rule's code as the failure's type, or `forged`. The update id is the
        command id; a repeat answers from the ledger and changes nothing.
        """
        await self._standing()
        async with self._lock:
            await self._carry_out(command)
        return Done(self.launch.commands[command.id or ""])

    @act.validator
    def validate_act(self, command: acts.Command) -> None:
        """The envelope is checked and the act tried, before anything enters the history.

        While the start is being recorded there is nothing to try the act on yet: then it waits.
        """
        self._check_envelope(command)
        if self._launch is not None and command.id not in self._launch.commands:
            self._judge(self._launch, command)

    @workflow.update(name="started")
    async def started(self) -> Done:
        """Anyone may wait for the launch to stand in its ledger; a repeat answers the same way."""
        await self._standing()
        return Done(self.launch.seq)

    @property
    def launch(self) -> Launch:
        """The launch as its ledger tells it."""
        if self._launch is None:
            raise as_forgery(Forged("this launch has not started"))
        return self._launch

    @property
    def has_started(self) -> bool:
        """Whether the launch stands in its ledger."""
        return self._launch is not None

    async def _standing(self) -> None:
        """Until the start is recorded, or has proved to be none."""
        await workflow.wait_condition(lambda: self._launch is not None or self._is_refused)

    async def _start(self, given: LaunchInput) -> None:
        """Begin, or let everybody who waits for the launch know that it is none."""
        try:
            await self._begin(given)
        except FailureError:
            self._is_refused = True
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise

    async def _begin(self, given: LaunchInput) -> None:
        command = given.start
        if command is None or not isinstance(command.act, acts.StartLaunch):
            raise as_forgery(Forged("the input starts no launch"))
        self._check_payload(command, command.act.launch)
        if workflow.info().workflow_id != f"launch-{command.act.launch}":
            raise as_forgery(Forged("the input names another launch"))
        async with self._lock:
            await self._record(await self._decide(command), command)
        self._publish(None)

    async def _turn(self) -> None:
        """One round of the main loop: what is to be undone, what is due, or rest until news."""
        self._has_news = False
        if (pending := _to_undo(self.launch)) is not None:
            await self._undo(pending)
        elif due_deadline(self.launch, workflow.now()) is not None:
            async with self._lock:
                await self._carry_out(acts.Command(acts.Elapse()))
        else:
            await self._rest()

    async def _rest(self) -> None:
        """Until news or the next deadline. A running timer that is early enough is kept."""
        deadline = next_deadline(self.launch)
        if deadline is None:
            await workflow.wait_condition(lambda: self._has_news)
            return
        alarm = self._set_alarm(deadline.at)
        await workflow.wait_condition(lambda: self._has_news or alarm.done())
        if alarm.done():
            self._alarm = None

    def _set_alarm(self, at: datetime) -> asyncio.Task[None]:
        if self._alarm is not None:
            rings_at, alarm = self._alarm
            if rings_at <= at:
                return alarm
            alarm.cancel()
        alarm = asyncio.create_task(workflow.sleep(max(at - workflow.now(), policies.AT_ONCE)))
        self._alarm = (at, alarm)
        return alarm

    async def _carry_out(self, command: acts.Command) -> None:
        """Decide and record until the act has its effect: the ledger may know more than we do."""
        while command.id is None or command.id not in self.launch.commands:
            decided = await self._decide(command)
            if not decided.entries:
                return
            before = self.launch
            adopted = await self._record(decided, command)
            self._publish(before)
            if command.id is None and not adopted:
                return

    async def _decide(self, command: acts.Command) -> Decision:
        """A fault of the rules ends a person's act, as the history keeps it: mended rules replay it
        so, also where they refuse the act. A clock's is tried again until it is mended.
        """
        fault = None
        try:
            return decision(self._launch, command, workflow.now())
        except Refusal as refusal:
            failure: Exception = as_failure(refusal)
        except Exception as error:
            if command.actor is None:
                raise
            fault = f"{type(error).__name__}: {error}"
            failure = RuntimeError(f"these rules cannot decide what others could: {fault}")
        # Every act that was let in asks once, so that the history has a place for what came of it.
        await self._ask_ledger(Append(_launch_id(), (), fault=fault))
        raise failure

    def _judge(self, launch: Launch, command: acts.Command) -> None:
        try:
            judge(launch, command, workflow.now())
        except Refusal as refusal:
            raise as_failure(refusal) from refusal

    async def _record(self, decided: Decision, command: acts.Command) -> bool:
        """Write to the ledger and follow what it says; True where other entries stood there."""
        answers = command.id if isinstance(command.act, acts.AnsweredByLaunch) else None
        recorded = await self._ask_ledger(Append(decided.launch.id, decided.entries, answers))
        if recorded.refused:
            raise as_fault("these rules allow what others refused")
        if recorded.adopted is None:
            self._launch = decided.launch
        else:
            self._launch = reduce(evolve, recorded.adopted, self._launch)
        self._has_news = True
        return recorded.adopted is not None

    async def _ask_ledger(self, append: Append) -> Recorded:
        recorded: Recorded = await workflow.execute_local_activity(
            RECORD,
            append,
            result_type=Recorded,
            start_to_close_timeout=policies.RECORD_TIMEOUT,
            retry_policy=policies.RECORD_RETRY,
        )
        if recorded.fault is not None:
            raise as_fault(recorded.fault)
        return recorded

    async def _undo(self, pending: Compensation) -> None:
        """Undo one step outside; its outcome comes back as an act of the system."""
        signatures = self.launch.step(pending.step).signatures
        people = tuple(dict.fromkeys(signature.person for signature in signatures))
        error = None
        try:
            await workflow.execute_activity(
                STAND_DOWN,
                StandDown(self.launch.id, pending.step, people),
                start_to_close_timeout=policies.EFFECT_TIMEOUT,
                schedule_to_close_timeout=policies.EFFECT_PATIENCE,
                retry_policy=policies.EFFECT_RETRY,
            )
        except ActivityError as failure:
            error = type(failure.cause).__name__ if failure.cause else "unknown"
        async with self._lock:
            await self._carry_out(acts.Command(acts.ReportCompensation(pending.step, error)))

    async def _continue_as_new(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(LaunchInput(keys=self._given.keys, launch=self.launch))

    def _check_envelope(self, command: acts.Command) -> None:
        """A person's act, signed for this launch and this very update."""
        info = workflow.current_update_info()
        if isinstance(command.act, acts.SystemAct) or info is None or info.id != command.id:
            raise as_forgery(Forged("the update is not this command's"))
        self._check_payload(command, _launch_id())

    def _check_payload(self, command: acts.Command, launch: str) -> None:
        try:
            check_envelope(verify(command.jws or "", self._trusted), command, launch)
        except (Forged, SignatureInvalid) as error:
            raise as_forgery(Forged(str(error))) from error

    def _publish(self, before: Launch | None) -> None:
        """The one-line situation, and the attributes lists of workflows may be searched by."""
        launch = self.launch
        workflow.set_current_details(current_details(launch))
        if before is None:
            workflow.upsert_search_attributes(
                [
                    CODE.value_set(launch.plan.code),
                    DEPARTMENT.value_set(launch.plan.department),
                    PHASE.value_set(launch.phase),
                    STOPPED.value_set(_yes(launch.is_stopped)),
                ]
            )
            return
        changed = []
        if before.phase != launch.phase:
            changed.append(PHASE.value_set(launch.phase))
        if before.is_stopped != launch.is_stopped:
            changed.append(STOPPED.value_set(_yes(launch.is_stopped)))
        if changed:
            workflow.upsert_search_attributes(changed)


def _launch_id() -> str:
    return workflow.info().workflow_id.removeprefix("launch-")


def _to_undo(launch: Launch) -> Compensation | None:
    """The next step to undo, unless undoing it is an open incident."""
    return next((c for c in launch.compensations[:1] if c.error is None), None)


def _yes(fact: bool) -> str:  # noqa: FBT001 - a word for a fact
    return "yes" if fact else "no"
