"""Checking and rebuilding launch by launch, with progress on stderr, and what is said of it."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeAlias, TypeVar

from rich.console import Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from cli.failure import Failed
from cli.show import console
from cli.show.console import said
from cli.show.launch import table_of
from db import codes, integrity
from db.heads import HeadsInvalid
from db.integrity import Verified
from db.session import Database

T = TypeVar("T")
Found: TypeAlias = dict[str, Any]
Advance: TypeAlias = Callable[[], None]


async def verify(database: Database, reference: str | None, earlier: object = None) -> Found:
    """Counts and problems, also of what `earlier` heads state; `Failed` where there is no such
    launch, or where these are no heads.
    """
    chosen = await _chosen(database, reference)
    with _progress("checking", len(chosen)) as advance:
        parts = [await _counted(integrity.verify(database, one), advance) for one in chosen]
    if earlier is not None:
        parts.append(await _since(database, earlier, None if reference is None else chosen[0]))
    return verified_document(parts)


async def _since(database: Database, earlier: object, launch: str | None) -> Verified:
    try:
        problems = await integrity.since(database, earlier, launch)
    except HeadsInvalid as error:
        raise Failed(f"The heads cannot be used: {error}.") from error
    return Verified(0, 0, 0, tuple(problems))


async def rebuild(database: Database, reference: str | None) -> Found:
    """Counts and problems; `Failed` where there is no such launch."""
    chosen = await _chosen(database, reference)
    with _progress("rebuilding", len(chosen)) as advance:
        parts = [await _counted(integrity.rebuild(database, one), advance) for one in chosen]
    return {
        "launches": sum(part.launches for part in parts),
        "problems": [asdict(problem) for part in parts for problem in part.problems],
    }


def verified_document(parts: Sequence[Verified]) -> Found:
    problems = [asdict(problem) for part in parts for problem in part.problems]
    return {
        "verified": not problems,
        "launches": sum(part.launches for part in parts),
        "entries": sum(part.entries for part in parts),
        "signatures": sum(part.signatures for part in parts),
        "problems": problems,
    }


def words_of_verification(found: Found) -> RenderableType:
    looked_at = (
        f"{found['launches']} launches, {found['entries']} entries, "
        f"{found['signatures']} signatures"
    )
    if not found["problems"]:
        return Text(f"✓ The ledger is whole: {looked_at}.", "green")
    head = Text(f"✗ The ledger is damaged ({looked_at}):", "bold red")
    return Group(head, _problems(found))


def words_of_rebuild(found: Found) -> RenderableType:
    done = Text(f"✓ Made again from the ledger: {found['launches']} launches.", "green")
    if not found["problems"]:
        return done
    left = Text("✗ Left as they are, because their ledger is damaged:", "bold red")
    return Group(done, left, _problems(found))


def _problems(found: Found) -> RenderableType:
    table = table_of("launch", "row", "damage", "what is wrong")
    for problem in found["problems"]:
        table.add_row(
            said(problem["launch"]),
            said("–" if problem["seq"] is None else problem["seq"]),
            said(problem["kind"], "red"),
            said(problem["detail"]),
        )
    return table


async def chosen_launch(database: Database, reference: str) -> str:
    """The id of the launch of this id or code."""
    (launch,) = await _chosen(database, reference)
    return launch


async def _chosen(database: Database, reference: str | None) -> tuple[str, ...]:
    """Ids of the launches asked for; everything ledger, read model or archive know, or one."""
    async with database.read() as session:
        known = await integrity.known(session)
        if reference is None:
            return known
        launch = reference if reference in known else await codes.launch_of(session, reference)
    if launch is None:
        raise Failed(f"There is no launch “{reference}”.")
    return (launch,)


async def _counted(work: Awaitable[T], advance: Advance) -> T:
    result = await work
    advance()
    return result


@contextmanager
def _progress(what: str, total: int) -> Iterator[Advance]:
    """A bar on a terminal, nothing elsewhere."""
    with progress_bar() as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def progress_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    terminal = console.err()
    return Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal)
