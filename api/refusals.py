"""The audit of what the API refuses: who tried what, and which rule stood against it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from api.intake.errors import InvalidDocument
from api.office import Office
from api.problems import Problem, of_refusal
from db import audit
from db.transaction import Session
from domain.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody trying something, whether or not it makes sense; `path` is percent-encoded."""

    person: str
    path: str
    act: str
    launch: str | None = None
    step: str | None = None
    method: str = "POST"


@asynccontextmanager
async def audited(office: Office, attempt: Attempt) -> AsyncIterator[None]:
    """Whatever is refused inside leaves as a Problem, after a row of its own was written."""
    try:
        yield
    except (Refusal, InvalidDocument) as refusal:
        problem = of_refusal(refusal)
        await _write(office, attempt, problem)
        raise problem from refusal
    except Problem as problem:
        await _write(office, attempt, problem)
        raise


async def write_refusal(
    session: Session, attempt: Attempt, problem: Problem, command: str | None = None
) -> None:
    """The row of a refusal; `command` where one was written down."""
    refused = audit.RefusedAct(
        at=datetime.now(UTC),
        method=attempt.method,
        path=attempt.path,
        status=problem.status,
        code=problem.code,
        detail=_storable(problem.detail),
        person=attempt.person,
        act=attempt.act,
        launch=attempt.launch,
        step=attempt.step,
        command=command,
    )
    await audit.write(session, refused)


def _storable(text: str) -> str:
    """What was asked for may be repeated in it: no NUL, which PostgreSQL refuses, nothing that
    cannot be encoded.
    """
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


async def _write(office: Office, attempt: Attempt, problem: Problem) -> None:
    async with office.database.write() as session:
        await write_refusal(session, attempt, problem)
