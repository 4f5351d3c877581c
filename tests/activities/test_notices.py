from sqlalchemy import select
from temporalio.testing import ActivityEnvironment

from activities.notices import Notices
from db.pages import inbox
from db.row import table_of
from db.session import Database
from db.tables import NoticeRow
from domain.ports import StandDown
from tests.db.story import stalled_story, write

_notice = table_of(NoticeRow)


async def test_everyone_is_told_once_however_often_it_runs(database: Database) -> None:
    await write(database, stalled_story())
    notices = Notices(database)
    for people in (("zoe", "adam"), ("zoe", "adam"), ("adam", "eve")):
        told = StandDown("L1", "product", people)
        await ActivityEnvironment().run(notices.stand_down, told)
    async with database.read() as session:
        told_people = (await session.execute(select(_notice.c.person))).scalars()
        (item,) = (await inbox(session, "zoe", ())).items
    assert sorted(told_people) == ["adam", "eve", "zoe"]
    assert (item.kind, item.launch, item.step) == ("notice", "L1", "product")


async def test_a_step_nobody_signed_tells_nobody(database: Database) -> None:
    await ActivityEnvironment().run(Notices(database).stand_down, StandDown("L1", "product", ()))
    async with database.read() as session:
        assert (await session.execute(select(_notice))).all() == []
