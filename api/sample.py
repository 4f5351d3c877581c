"""The sample that comes along: an organisation and plans, for demos and empty installations."""

from pathlib import Path
from typing import Final

from db import directory
from db.transaction import Session

DATA: Final = Path(__file__).parent / "data" / "sample"
ORGANISATION: Final = DATA / "organisation.yaml"


async def load_organisation(session: Session) -> bool:
    """The sample organisation, unless there is one already; whether it was loaded."""
    from api.intake.files import read_organisation_file  # noqa: PLC0415 - the first time only

    await session.lock("organisation")
    if await directory.load(session) is not None:
        return False
    await directory.save(session, read_organisation_file(ORGANISATION))
    return True
