"""The worker of an older build, or of this one, that keeps no launch in memory, so that tasks of a
launch come to whoever asks first: `python -m tests.faults.old_worker old|new`.

The older build's ledger knows nothing of `answers`: commands are answered by the API alone.
"""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from unittest.mock import patch

from temporalio import activity

import worker
from activities.ledger import Ledger
from domain.events import Entry
from domain.ports import RECORD, Append, Recorded
from runtime import temporal
from runtime.loop import run
from runtime.settings import Settings

OPTIONS = temporal.worker_options


@dataclass(frozen=True, slots=True)
class OldAppend:
    """As it was before commands were answered together with their entries."""

    launch: str
    entries: tuple[Entry, ...]


class OldLedger(Ledger):
    """Reads what it knows of what a newer workflow says."""

    @activity.defn(name=RECORD)
    async def record(self, append: OldAppend) -> Recorded:  # type: ignore[override]  # older
        return await super().record(Append(append.launch, append.entries))


def _forgetful(settings: Settings) -> temporal.WorkerOptions:
    options = OPTIONS(settings)
    options["max_cached_workflows"] = 0
    return options


def main(build: str) -> None:
    with ExitStack() as patches:
        patches.enter_context(patch.object(temporal, "worker_options", _forgetful))
        if build == "old":
            patches.enter_context(patch.object(worker, "Ledger", OldLedger))
        run(worker.main())


if __name__ == "__main__":
    main(*sys.argv[1:])
