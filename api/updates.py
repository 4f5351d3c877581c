"""Sending a command to its launch, and understanding what comes back.

An update that timed out is unknown, not failed; only the launch's own answer is final. The update
id is the command id, so that sending again can never act twice.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

import structlog
from temporalio.client import (
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.dispatches import Dispatch
from api.office import Office
from api.problems import Problem, unusable
from db import keys
from domain.acts import Command, StartLaunch
from domain.errors import REFUSALS, Invalid
from workflows.messages import Done, LaunchInput, TrustedKey

_log = structlog.get_logger()

TASK_TIMEOUT: Final = timedelta(seconds=5)
"""How long a launch waits for a worker that died with it in hand. Recording may take longer: the
worker prolongs its task then.
"""

AGAIN: Final = timedelta(milliseconds=20)
"""After which an act is brought once more to a launch that was not ready for it."""

ENDED_MEANWHILE: Final = "AcceptedUpdateCompletedWorkflow"


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer in time, or nobody to give one: the same command is to be sent again."""


@dataclass(frozen=True, slots=True)
class Gone:
    """No running launch answers any more; the ledger knows what became of the command.

    `is_over` is False for a launch that may be about to start.
    """

    is_over: bool = True


@dataclass(frozen=True, slots=True)
class Broken:
    """The launch answered with something that is no rule of ours; `reason` is for the log."""

    reason: str


Outcome: TypeAlias = Done | Problem | Unknown | Gone | Broken


async def send(office: Office, dispatch: Dispatch) -> Outcome:
    """Bring the command to its launch and wait a while for the outcome."""
    try:
        async with asyncio.timeout(office.patience.total_seconds()):
            if isinstance(dispatch.command.act, StartLaunch):
                return await _start(office, dispatch)
            return await _act(office, dispatch)
    except WorkflowUpdateFailedError as error:
        return _answer(error.cause)
    except WorkflowAlreadyStartedError:
        return Gone()
    except RPCError as error:
        return _unreached(error, dispatch)
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError):
        return Unknown()
    except RuntimeError as error:  # how a client says that it could never connect
        _log.warning("server.not_reached", command=dispatch.id, reason=str(error))
        return Unknown()


async def _act(office: Office, dispatch: Dispatch) -> Done:
    handle = office.temporal.get_workflow_handle(_workflow_id(dispatch))
    return await _update(office, handle, dispatch, "act", dispatch.command)


async def _update(
    office: Office, handle: WorkflowHandle[Any, Any], dispatch: Dispatch, name: str, *given: Command
) -> Done:
    """The launch's own answer. Temporal throws a task away that meets a clock at the launch's end,
    with the updates in it; those are sent again.
    """
    while True:
        try:
            done: Done = await handle.execute_update(
                name, args=given, id=dispatch.id, result_type=Done, rpc_timeout=office.patience
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
        else:
            return done
        await asyncio.sleep(AGAIN.total_seconds())


async def _start(office: Office, dispatch: Dispatch) -> Done:
    handle = await office.temporal.start_workflow(
        "LaunchWorkflow",
        LaunchInput(keys=await _trusted_keys(office), start=dispatch.command),
        id=_workflow_id(dispatch),
        task_queue=office.settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        task_timeout=TASK_TIMEOUT,
        rpc_timeout=office.patience,
    )
    return await _update(office, handle, dispatch, "started")


async def _trusted_keys(office: Office) -> tuple[TrustedKey, ...]:
    async with office.database.read() as session:
        published = await keys.published(session)
    return tuple(TrustedKey(key.kid, key.jwk["x"]) for key in published)


def _workflow_id(dispatch: Dispatch) -> str:
    return f"launch-{dispatch.launch}"


def _unreached(error: RPCError, dispatch: Dispatch) -> Outcome:
    """A start that is not found has ended before it answered, or never reached the server."""
    if error.status is RPCStatusCode.NOT_FOUND:
        return Gone(is_over=not isinstance(dispatch.command.act, StartLaunch))
    return Unknown()


def _answer(cause: BaseException) -> Outcome:
    if not isinstance(cause, ApplicationError) or cause.type is None:
        return Broken(type(cause).__name__)
    if cause.type == ENDED_MEANWHILE:
        return Gone()
    if cause.type not in REFUSALS:
        return Broken(cause.type)
    said: dict[str, Any] = cause.details[0] if cause.details else {}
    detail, figures = str(said.get("detail", cause.message)), dict(said.get("figures", {}))
    if issubclass(REFUSALS[cause.type], Invalid):
        return unusable(cause.type, str(figures.get("field", "")), detail)
    return Problem(REFUSALS[cause.type].status, cause.type, detail, figures=figures)
