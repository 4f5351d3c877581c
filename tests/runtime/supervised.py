"""`up` with stand-ins for what it runs: `python -m tests.runtime.supervised DIR PORT [ROLE ...]`.

The roles are those of Temporal, worker and API.
"""

import asyncio
import os
import sys
from pathlib import Path

from runtime.embedded import Port, Stack, StackFailed, run
from runtime.lock import DataDirInUse
from runtime.logs import configure_logs
from runtime.service import CrashLoop, Restarts, Service
from runtime.settings import Installation, Settings

STANDIN = Path(__file__).with_name("standin.py")


def service(name: str, role: str, port: int) -> Service:
    return Service(
        name=name,
        command=(sys.executable, "-I", "-S", str(STANDIN), role, str(port)),
        environment=os.environ,
        patience=1,
    )


def stack(directory: Path, port: int, roles: tuple[str, str, str]) -> Stack:
    async def migrate() -> None:
        (directory / "migrated").touch()

    async def seed() -> None:
        (directory / "seeded").touch()

    async def nothing() -> None:
        await asyncio.sleep(0)

    return Stack(
        installation=Installation(directory),
        host="127.0.0.1",
        port=port,
        temporal_address="127.0.0.1:0",
        ports=(Port("--port", "127.0.0.1", port),),
        temporal=service("temporal", roles[0], port),
        worker=service("worker", roles[1], port),
        api=service("api", roles[2], port),
        migrate=migrate,
        prepare=nothing,
        seed=seed,
        restarts=Restarts(pause=0.02),
    )


def announce(url: str) -> None:
    sys.stdout.write(f"ready {url}\n")
    sys.stdout.flush()


def main(directory: str, port: str, *roles: str) -> None:
    configure_logs(Settings(log_format="console"))
    chosen = roles or ("idle", "idle", "api")
    try:
        asyncio.run(
            run(
                stack(Path(directory), int(port), (chosen[0], chosen[1], chosen[2])),
                announce=announce,
            )
        )
    except (CrashLoop, DataDirInUse, StackFailed) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
