"""Template versions that were agreed: made by lessons, from the ledgers of their launches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select

from db.projection import text_of
from db.row import table_of
from db.tables import LaunchRow, ReservationRow, TemplateRow
from db.transaction import Session
from domain.canonical import plain
from domain.launch import Launch
from domain.plan import Template

_TEMPLATE: Final = TypeAdapter(Template)
_template, _launch = table_of(TemplateRow), table_of(LaunchRow)
_reservation = table_of(ReservationRow)
_ALL = select(_template).order_by(_template.c.key, _template.c.version)
_OF = select(_template).where(_template.c.launch == bindparam("of"))
_ERASE = delete(_template).where(_template.c.launch == bindparam("of"))

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A version that was put forward, whatever became of it, by the launch in which it was."""

    version: int
    launch: str
    phase: str

    @property
    def is_open(self) -> bool:
        return self.phase != "closed"


async def proposed(session: Session, key: str) -> Sequence[Proposed]:
    """The versions of a template that lessons put forward."""
    found = (
        select(_reservation.c.launch, _reservation.c.code, _launch.c.phase)
        .outerjoin(_launch, _launch.c.id == _reservation.c.launch)
        .where(_reservation.c.code.startswith(f"{key}@", autoescape=True))
    )
    named = [(row.code.removeprefix(f"{key}@"), row) for row in await session.execute(found)]
    # An action after a lesson has its code, and more.
    return [
        Proposed(int(number), row.launch, row.phase or "starting")
        for number, row in named
        if number.isdecimal()
    ]


async def load(session: Session) -> tuple[Template, ...]:
    """Every version that was agreed, oldest first."""
    return tuple(template_of(row) for row in await rows(session))


async def rows(session: Session) -> Sequence[Columns]:
    """The same with the lesson each came from."""
    return [dict(row) for row in (await session.execute(_ALL)).mappings()]


async def launches(session: Session) -> Sequence[str]:
    """The lessons that made versions."""
    return [*(await session.execute(select(_template.c.launch))).scalars()]


async def erase(session: Session, launch: str) -> None:
    """What a launch made that no ledger tells of."""
    await session.execute(_ERASE, {"of": launch})


async def stored(session: Session, launch: str) -> Columns | None:
    """The version that this lesson made."""
    found = (await session.execute(_OF, {"of": launch})).mappings().first()
    return None if found is None else dict(found)


async def store(session: Session, launch: Launch) -> None:
    """What a launch makes of templates, as it should stand; once more changes nothing."""
    await erase(session, launch.id)
    row = row_of(launch)
    if row is not None:
        await session.execute(insert(_template), dict(row))


def row_of(launch: Launch) -> Columns | None:
    """The version a lesson makes where everybody it touches has signed it."""
    lesson = None if launch.plan.review is None else launch.plan.review.lesson
    if lesson is None or launch.outcome != "completed":
        return None
    made: datetime | None = launch.closed_at
    return {
        "key": lesson.becomes.key,
        "version": lesson.becomes.version,
        "launch": launch.id,
        "since": made,
        "document": text_of(plain(lesson.becomes)),
    }


def template_of(row: Columns) -> Template:
    """The template of a row."""
    return _TEMPLATE.validate_json(row["document"])
