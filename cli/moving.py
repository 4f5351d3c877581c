"""The steps of `countersign move`: nothing runs, the source is whole, everything is copied, and the
copy is as whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, TypeAlias

from rich.console import RenderableType
from rich.text import Text

from cli import inspection
from cli.database import on_url
from cli.failure import Failed
from db import moving
from db.address import DatabaseUnusable, parsed, shown
from runtime import lock
from runtime.lock import DataDirInUse
from runtime.settings import Settings

Moved: TypeAlias = dict[str, Any]


def move(settings: Settings, target: str) -> Moved:
    """What was copied, and what the checks of both sides found. Raises `Failed`."""
    try:
        source, goal = shown(parsed(settings.database_url)), shown(parsed(target, "--to"))
        with _at_rest(settings):
            before = _checked(settings.database_url, "this installation")
            copied = _copied(settings.database_url, target)
            after = _checked(target, "the copy")
    except (DatabaseUnusable, DataDirInUse) as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"the data directory cannot be used: {error}") from error
    if before != after:
        raise Failed(f"the copy is not what was copied: {before} became {after}. Do not use it.")
    return {
        "from": source,
        "to": goal,
        "rows": sum(copied.values()),
        "tables": copied,
        "ledger": {"source": before, "target": after},
    }


def words(moved: Moved) -> RenderableType:
    ledger = moved["ledger"]["target"]
    return Text(
        f"✓ {moved['rows']} rows of {len(moved['tables'])} tables are now in {moved['to']}, "
        f"and both ledgers are whole: {ledger['launches']} launches, {ledger['entries']} entries, "
        f"{ledger['signatures']} signatures.\n"
        f"  Start with this DATABASE_URL from now on; {moved['from']} is as it was.",
        "green",
    )


@contextmanager
def _at_rest(settings: Settings) -> Iterator[None]:
    """Nobody starts the installation meanwhile. Raises `DataDirInUse`."""
    installation = settings.installation
    held = lock.hold(installation.lock, url="", temporal_address="")
    with held if installation.root.is_dir() else nullcontext():
        yield


def _checked(url: str, what: str) -> Moved:
    found = on_url(url, lambda database: inspection.verify(database, None))
    if found["problems"]:
        raise Failed(
            f"the ledger of {what} is damaged at {len(found['problems'])} places; "
            "`countersign ledger verify` names them."
        )
    return found


def _copied(source: str, target: str) -> dict[str, int]:
    with inspection.progress_bar() as bar:
        task = bar.add_task("copying")

        def progress(doing: str, table: str, done: int, total: int) -> None:
            bar.update(task, description=f"{doing} {table}", completed=done, total=total)

        return {copied.table: copied.rows for copied in moving.copy(source, target, progress)}
