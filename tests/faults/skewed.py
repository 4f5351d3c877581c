"""The API or the worker on a machine whose clock is wrong:
`python -m tests.faults.skewed HOURS serve|worker`.
"""

import sys
from datetime import UTC, datetime, timedelta

import time_machine

import worker
from cli.processes import serve
from runtime.lifetime import leave
from runtime.loop import run


def main(hours: str, what: str) -> None:
    wrong = datetime.now(UTC) + timedelta(hours=float(hours))
    with time_machine.travel(wrong, tick=True):
        if what == "serve":
            serve()
        else:
            run(worker.main())
            leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
