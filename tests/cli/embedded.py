"""`up` with the real Temporal server and database and stand-ins for worker and API:
`python -m tests.cli.embedded DIR PORT TEMPORAL_PORT`.
"""

import asyncio
import dataclasses
import sys
from pathlib import Path

from cli.stack import stack_of
from cli.up import announce
from runtime.embedded import run
from runtime.lifetime import leave
from runtime.logs import configure_logs
from runtime.settings import Settings
from tests.runtime.supervised import service


def main(directory: str, port: str, temporal_port: str) -> None:
    settings = Settings(data_dir=Path(directory), port=int(port), temporal_port=int(temporal_port))
    configure_logs(settings)
    stack = dataclasses.replace(
        stack_of(settings),
        worker=service("worker", "idle", settings.port),
        api=service("api", "api", settings.port),
    )
    asyncio.run(run(stack, announce))
    leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
