"""Records launches on a real server with the real ledger: `python -m tests.replay.record [NAME]`.

Only before the first release; see docs/testing.md.
"""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from runtime.lifetime import leave
from runtime.signing import public_jwk
from tests.replay.goldens import HISTORIES, Golden
from tests.replay.scenarios import SCENARIOS, play
from tests.workflows.cast import KEY
from tests.workflows.server import dev_server
from tests.workflows.stage import Stage, staged
from tests.workflows.stored import opened

QUEUE = "countersign"


async def record(stage: Stage, name: str) -> Golden:
    """Play a scenario and keep what Temporal and the ledger have of it."""
    played = await play(stage, name)
    history = await played.handle.fetch_history()
    jwk = public_jwk(KEY)
    return Golden(name, history, await stage.ledger.entries(name), {jwk["kid"]: jwk})


async def main(names: Iterable[str], directory: Path = HISTORIES) -> None:
    """Record these scenarios side by side."""
    with TemporaryDirectory() as scratch:
        files = Path(scratch)
        async with (
            dev_server(files / "temporal.log") as client,
            opened(f"sqlite:///{files / 'ledger.db'}") as ledger,
            staged(client, ledger, QUEUE) as stage,
            asyncio.TaskGroup() as recording,
        ):
            tasks = [recording.create_task(record(stage, name)) for name in names]
    for golden in (task.result() for task in tasks):
        golden.write(directory)
        sys.stdout.write(f"{golden.launch}: {len(golden.ledger)} entries\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or SCENARIOS))
    leave()
