"""A worker that knows where its objects were made: `python -m bench.traced`.

It takes the place of the worker. SIGUSR1 makes it write a picture of what it holds: bytes by the
package that allocated them.
"""

import asyncio
import gc
import json
import os
import signal
import tracemalloc
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Final

FOLDER: Final = "BENCH_PICTURES"
_PICTURE: Final = "picture.json"
_SITE: Final = "site-packages"


async def picture(pid: int, folder: Path) -> dict[str, int]:
    """Bytes held now by a traced worker, by package."""
    taken = folder / _PICTURE
    os.kill(pid, signal.SIGUSR1)
    async with asyncio.timeout(60):
        while not taken.exists():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)
    sizes: dict[str, int] = json.loads(taken.read_text())
    taken.unlink()
    return sizes


def place_of(filename: str) -> str:
    """Two parts of the path below a root of imports; modules that a sandbox loads anew count where
    their code is.
    """
    if filename.startswith("<frozen importlib"):
        return "importlib (the code it loads)"
    path = Path(filename)
    if _SITE in path.parts:
        below = path.parts[path.parts.index(_SITE) + 1 :]
    elif path.is_relative_to(_ROOT):
        below = path.relative_to(_ROOT).parts
    else:
        return "the standard library"
    return "/".join(below[:2])


_ROOT: Final = Path(__file__).resolve().parent.parent


def _write(folder: Path) -> None:
    gc.collect()
    sizes: Counter[str] = Counter()
    for statistic in tracemalloc.take_snapshot().statistics("filename"):
        sizes[place_of(statistic.traceback[0].filename)] += statistic.size
    draft = folder / f"draft-{next(_numbers)}.json"
    draft.write_text(json.dumps(sizes))
    draft.rename(folder / _PICTURE)


_numbers = count(1)


async def _main() -> None:
    import worker  # noqa: PLC0415 - what it loads is traced too

    folder = Path(os.environ[FOLDER])
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _write, folder)
    await worker.main()


if __name__ == "__main__":
    tracemalloc.start()
    from runtime.lifetime import leave
    from runtime.loop import run

    run(_main())
    leave()
