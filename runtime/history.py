"""The history of a launch as Temporal keeps it: fetched, packed for the archive, unpacked again.

A launch that continued as new has several runs, told in the order in which they followed each
other.
"""

import gzip
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from google.protobuf.message import DecodeError
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

Runs = Sequence[WorkflowHistory]

_LENGTH: Final = 4
_AWAY: Final = frozenset(
    {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}
)
_ENDS: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
    }
)


class HistoryGone(LookupError):
    """Temporal does not know the launch, or not any more."""


class HistoryUnreachable(RuntimeError):
    """Temporal does not answer; the history may be there."""


class HistoryDamaged(ValueError):
    """A packed history is not what was packed; the text says how it is damaged."""


def workflow_id(launch: str) -> str:
    """The id under which Temporal knows a launch."""
    return f"launch-{launch}"


async def fetch(client: Client, launch: str) -> Runs:
    """All runs of a launch that have begun, oldest first.

    Raises HistoryGone, HistoryUnreachable, and RPCError where Temporal answers that it cannot.
    """
    runs: list[WorkflowHistory] = []
    run_id: str | None = None
    while run_id != "":
        handle = client.get_workflow_handle(workflow_id(launch), run_id=run_id)
        try:
            run = await handle.fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise HistoryGone(f"Temporal does not know launch {launch}") from error
            if error.status in _AWAY:
                raise HistoryUnreachable(f"{error.status.name}: {error.message}") from error
            raise
        except RuntimeError as error:
            # How a client says that it could never connect.
            raise HistoryUnreachable(str(error)) from error
        if _has_begun(run.events):  # else no worker was there, and a replayer would wait for one
            runs.insert(0, run)
        started = run.events[0].workflow_execution_started_event_attributes
        run_id = started.continued_execution_run_id
    if not runs:
        raise HistoryGone(f"no worker has begun launch {launch}")
    return runs


def has_ended(runs: Runs) -> bool:
    """Whether no event can follow any more."""
    return runs[-1].events[-1].event_type in _ENDS


def pack(runs: Runs) -> bytes:
    """Compressed, and the same each time: gzip of each run's protobuf message after its length, in
    four big-endian octets.
    """
    messages = (History(events=run.events).SerializeToString() for run in runs)
    framed = b"".join(len(m).to_bytes(_LENGTH, "big") + m for m in messages)
    return gzip.compress(framed, mtime=0)


def unpack(packed: bytes, launch: str) -> Runs:
    """The runs of a packed history. Raises HistoryDamaged."""
    try:
        framed = gzip.decompress(packed)
        runs = [History.FromString(message) for message in _messages(framed)]
    except (EOFError, OSError, ValueError, zlib.error, DecodeError) as error:
        raise HistoryDamaged(str(error) or type(error).__name__) from error
    if not runs or not all(map(_is_whole, runs)):
        raise HistoryDamaged("events are missing or out of order")
    return [WorkflowHistory(workflow_id(launch), tuple(run.events)) for run in runs]


def builds(runs: Runs) -> tuple[str, ...]:
    """The builds of the workers that recorded the history, in the order of their first task."""
    found = (
        event.workflow_task_completed_event_attributes.worker_version.build_id
        for run in runs
        for event in run.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    )
    return tuple(dict.fromkeys(build for build in found if build))


def _is_whole(run: History) -> bool:
    """From the start on, gapless: a replayer that is given anything else may never come back."""
    if [event.event_id for event in run.events] != list(range(1, len(run.events) + 1)):
        return False
    if not run.events:
        return False
    started = run.events[0].workflow_execution_started_event_attributes
    return bool(started.original_execution_run_id) and _has_begun(run.events)


def _has_begun(events: Iterable[HistoryEvent]) -> bool:
    return any(e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED for e in events)


def _messages(framed: bytes) -> Iterable[bytes]:
    place = 0
    while place < len(framed):
        length = int.from_bytes(framed[place : place + _LENGTH], "big")
        message = framed[place + _LENGTH : place + _LENGTH + length]
        if len(message) < length:
            raise ValueError("it ends too early")
        yield message
        place += _LENGTH + length
