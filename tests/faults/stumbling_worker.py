"""A worker that raises where nobody expects it: `python -m tests.faults.stumbling_worker WHERE`.
`decide` stumbles over a question that says so, before or after it was let in; `record` over every
signature.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final
from unittest.mock import patch

from temporalio import activity

import worker
from activities.ledger import Ledger
from domain import decide
from domain.acts import Ask, Command
from domain.launch import Launch
from domain.ports import RECORD, Append, Recorded
from runtime.loop import run
from workflows import launch

STUMBLE: Final = "stumble over this"
SAID: Final = "nobody thought of this"


class StumblingLedger(Ledger):
    """The ledger that cannot record a signature."""

    @activity.defn(name=RECORD)
    async def record(self, append: Append) -> Recorded:
        if any(entry.event.kind == "CommitmentSigned" for entry in append.entries):
            raise ZeroDivisionError(SAID)
        return await super().record(append)


def _stumbling(rule: Callable[..., Any]) -> Callable[..., Any]:
    def stumble(launch: Launch | None, command: Command, now: datetime) -> object:
        if isinstance(command.act, Ask) and command.act.text == STUMBLE:
            raise ZeroDivisionError(SAID)
        return rule(launch, command, now)

    return stumble


def main(where: str) -> None:
    with ExitStack() as broken:
        if where == "record":
            broken.enter_context(patch.object(worker, "Ledger", StumblingLedger))
        else:
            broken.enter_context(patch.object(launch, *RULES[where]))
        run(worker.main())


RULES: Final = {
    "decide": ("decision", _stumbling(decide.decision)),
    "judge": ("judge", _stumbling(decide.judge)),
}
"""`judge` is asked before an act is let in, `decision` afterwards."""


if __name__ == "__main__":
    main(*sys.argv[1:])
