import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from db import cursor, notices
from db.pages import InboxEntry, LaunchFilter, Page, escalation_page, inbox, launch_page
from db.projection import NOTHING, project
from db.read_model import store
from db.session import Database
from domain.errors import Invalid
from domain.launch import Launch
from tests.db.story import Story, prepare, signed_story, stalled_story, write
from tests.plans import at

BASE = Story().launch


def launch(number: int, **plan: str) -> Launch:
    """One of many launches, started so many seconds after the first; nothing but its list row."""
    given = replace(BASE.plan, code=plan.pop("code", f"FT-{number:05}"), **plan)  # type: ignore[arg-type]  # text fields
    return replace(BASE, id=f"M{number:05}", plan=given, started_at=at(number // 3))


async def keep(database: Database, *launches: Launch) -> None:
    async with database.write() as session:
        for each in launches:
            reserve = text("INSERT INTO reservation VALUES (:code, :launch, 'p', '2026-01-01')")
            await session.execute(reserve, {"code": each.plan.code, "launch": each.id})
            await store(session, project(each), since=NOTHING)


def codes(page: Page) -> list[str]:
    return [json.loads(item)["code"] for item in page.items]


async def listed(database: Database, chosen: LaunchFilter, limit: int = 100) -> list[str]:
    """The codes of all pages."""
    found: list[str] = []
    place = None
    while True:
        async with database.read() as session:
            page = await launch_page(session, chosen, limit=limit, cursor=place)
        assert len(page.items) <= limit
        found += codes(page)
        place = page.next_cursor
        if place is None:
            return found


# -- launches ------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 3, 4, 10, 11, 100])
async def test_launches_are_listed_newest_first_page_by_page(
    database: Database, limit: int
) -> None:
    await keep(database, *(launch(number) for number in range(10)))
    expected = [f"FT-{number:05}" for number in reversed(range(10))]
    assert await listed(database, LaunchFilter(), limit) == expected


async def test_what_is_new_meanwhile_moves_nothing(database: Database) -> None:
    await keep(database, *(launch(number) for number in range(6)))
    async with database.read() as session:
        first = await launch_page(session, limit=3)
    await keep(database, *(launch(number) for number in range(6, 9)))
    async with database.read() as session:
        second = await launch_page(session, limit=3, cursor=first.next_cursor)
    assert codes(first) + codes(second) == [f"FT-{number:05}" for number in reversed(range(6))]
    assert second.next_cursor is None


async def test_launches_are_filtered(database: Database) -> None:
    closed = replace(launch(3), phase="closed", outcome="completed")
    chain = replace(launch(4).plan, steps=launch(4).plan.steps[:2])
    await keep(
        database,
        launch(1, title="金秋回馈"),
        launch(2, title="Straße 100%", department="enterprise"),
        closed,
        replace(launch(4, title="under_score"), plan=replace(chain, title="under_score")),
        launch(5, code="ft-lower", title="underscore"),
    )
    for chosen, expected in (
        (LaunchFilter(), ["ft-lower", "FT-00004", "FT-00003", "FT-00002", "FT-00001"]),
        (LaunchFilter(phases=("closed",)), ["FT-00003"]),
        (LaunchFilter(phases=("closed", "committing")), 5),
        (LaunchFilter(phases=("live",)), []),
        (LaunchFilter(department="enterprise"), ["FT-00002"]),
        (LaunchFilter(module="service"), 4),
        (LaunchFilter(module="serv"), []),
        (LaunchFilter(module="product", phases=("closed",), q="ft-"), ["FT-00003"]),
        (LaunchFilter(q="金秋"), ["FT-00001"]),
        (LaunchFilter(q="STRASSE"), ["FT-00002"]),
        (LaunchFilter(q="FT-LOW"), ["ft-lower"]),
        (LaunchFilter(q="100%"), ["FT-00002"]),
        (LaunchFilter(q="%"), ["FT-00002"]),
        (LaunchFilter(q="r_s"), ["FT-00004"]),
        (LaunchFilter(q="nothing like it"), []),
        (LaunchFilter(kind="action"), []),
    ):
        found = await listed(database, chosen, limit=2)
        assert (found if isinstance(expected, list) else len(found)) == expected, chosen


async def test_a_limit_is_held_between_one_and_a_hundred(database: Database) -> None:
    await keep(database, *(launch(number) for number in range(105)))
    async with database.read() as session:
        assert len((await launch_page(session, limit=1000)).items) == 100
        assert len((await launch_page(session, limit=0)).items) == 1


# -- cursors -------------------------------------------------------------------------------------


async def test_a_cursor_counts_for_its_own_filters_only(database: Database) -> None:
    await keep(database, *(launch(number) for number in range(4)))
    async with database.read() as session:
        place = (await launch_page(session, limit=2)).next_cursor
        assert place is not None
        for other in (LaunchFilter(q="ft"), LaunchFilter(phases=("live",))):
            with pytest.raises(Invalid, match="cursor"):
                await launch_page(session, other, cursor=place)
        with pytest.raises(Invalid, match="cursor"):
            await escalation_page(session, cursor=place)
        with pytest.raises(Invalid, match="cursor"):
            await inbox(session, "sponsor", (), cursor=place)


@given(place=st.text(max_size=60))
def test_a_text_that_is_no_cursor_is_refused(place: str) -> None:
    with pytest.raises(Invalid, match="cursor"):
        cursor.decode({"list": "launches"}, place)


@given(index=st.integers(0, 1000), sign=st.characters(codec="ascii"))
def test_a_mangled_cursor_is_refused(index: int, sign: str) -> None:
    filters = {"list": "launches", "q": "充"}
    place = cursor.encode(filters, ["2026-12-01T10:00:00Z", "L1"])
    index %= len(place)
    mangled = place[:index] + sign + place[index + 1 :]
    if mangled == place:
        assert cursor.decode(filters, mangled) == ["2026-12-01T10:00:00Z", "L1"]
    else:
        with pytest.raises(Invalid):
            cursor.decode(filters, mangled)


# -- escalations ---------------------------------------------------------------------------------


async def test_escalations_are_listed_as_they_were_raised(database: Database) -> None:
    stories = [stalled_story(f"L{number}") for number in range(5)]
    await write(database, *stories)
    found: list[str] = []
    place = None
    async with database.read() as session:
        for _ in range(3):
            page = await escalation_page(session, states=("open",), limit=2, cursor=place)
            found += [json.loads(item)["id"] for item in page.items]
            place = page.next_cursor
        assert place is None
        assert found == [f"L{number}.1" for number in range(5)]
        assert len((await escalation_page(session)).items) == 5
        assert (await escalation_page(session, states=("resolved",))).items == ()
        (one,) = (await escalation_page(session, launch="L3")).items
    assert json.loads(one)["launch"] == "L3"


# -- the inbox -----------------------------------------------------------------------------------


async def items(database: Database, person: str, *posts: str) -> list[InboxEntry]:
    async with database.read() as session:
        return list((await inbox(session, person, posts)).items)


async def test_an_inbox_shows_the_most_urgent_first(database: Database) -> None:
    calm, late = Story("L1"), stalled_story("L2")
    await write(database, calm, late)
    mine, owed = await items(database, "lead.product", "lead:product")
    assert (mine.kind, mine.launch, mine.code, mine.step) == ("sign", "L1", "FT-TOPUP", "product")
    assert (mine.due, mine.overdue, mine.since) == (at(10), False, at(0))
    assert (owed.kind, owed.launch, owed.step, owed.due) == ("report", "L2", "product", at(60))
    everything = await items(
        database, "me", "lead:product", "head:product", "lead:marketing", "head:marketing"
    )
    assert [(item.kind, item.overdue) for item in everything] == [
        ("sign", True),
        ("escalation", True),
        ("sign", False),
        ("report", False),
    ]
    assert everything[1].subject == "L2.1"


async def test_nobody_is_shown_what_must_be_done_by_somebody_else(database: Database) -> None:
    """The planner signs none of its commitments, even as the lead of the module."""
    await write(database, Story())
    assert len(await items(database, "lead.product", "lead:product")) == 1
    assert await items(database, "planner.personal", "planner", "lead:product") == []
    assert await items(database, "lead.service", "lead:service") == []


async def test_names_with_wildcards_hide_nothing(database: Database) -> None:
    await write(database, Story())
    assert len(await items(database, "planner_personal", "lead:product")) == 1
    assert len(await items(database, "%", "lead:product")) == 1


async def test_a_notice_stays_until_it_is_read(database: Database) -> None:
    await write(database, signed_story())
    now = datetime(2026, 12, 1, tzinfo=UTC)
    async with database.write() as session:
        await notices.tell(session, "L1", "product", ("zoe",), kind="stand_down", at=now)
    (item,) = await items(database, "zoe")
    assert (item.kind, item.step, item.since, item.due) == ("notice", "product", now, None)
    async with database.write() as session:
        await notices.mark_read(session, "zoe", launch="L1", at=now)
    assert await items(database, "zoe") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
async def test_an_inbox_has_pages_too(database: Database, limit: int) -> None:
    stories = [Story(f"L{n}", replace(BASE.plan, code=f"FT-{n}")) for n in range(5)]
    await write(database, *stories, stalled_story("L7"))
    async with database.write() as session:
        await notices.tell(session, "L1", "product", ("me",), kind="stand_down", at=at(0))
    posts = ("lead:product", "deputy:product", "head:marketing", "sponsor")
    whole = await items(database, "me", *posts)
    found: list[InboxEntry] = []
    place = None
    async with database.read() as session:
        for _ in range(len(whole)):
            page = await inbox(session, "me", posts, limit=limit, cursor=place)
            found += page.items
            place = page.next_cursor
            if place is None:
                break
    assert found == whole
    assert len(whole) == 9


async def test_a_closed_launch_waits_for_nobody(database: Database) -> None:
    story = signed_story()
    await prepare(database, story)
    await write(database, story)
    assert await items(database, "planner.personal", "planner") == []
