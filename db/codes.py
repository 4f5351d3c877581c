"""Codes of launches: one code, one launch, taken before the launch is started."""

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, insert, select

from db.row import table_of
from db.tables import LedgerRow, ReservationRow
from db.transaction import Session

_reservation, _ledger = table_of(ReservationRow), table_of(LedgerRow)

_LAUNCH = select(_reservation.c.launch).where(_reservation.c.code == bindparam("code"))


async def reserve(session: Session, code: str, launch: str, *, person: str, at: datetime) -> bool:
    """Take the code for this launch. False where another launch has it; a repeat is True."""
    await session.lock(f"code {code}")
    standing = await launch_of(session, code)
    if standing is None:
        row = {"code": code, "launch": launch, "person": person, "at": at}
        await session.execute(insert(_reservation), row)
    return standing in {None, launch}


async def release(session: Session, launch: str) -> bool:
    """Give the code of a launch back that never started; False where its ledger has begun."""
    begun = exists().where(_ledger.c.launch == launch)
    gone = await session.execute(
        delete(_reservation).where(_reservation.c.launch == launch, ~begun)
    )
    return gone.rowcount == 1


async def launch_of(session: Session, code: str) -> str | None:
    """The launch that has the code."""
    return (await session.execute(_LAUNCH, {"code": code})).scalar()
