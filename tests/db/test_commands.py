import asyncio
from datetime import UTC, datetime, timedelta

from db import audit, codes, commands, notices
from db.commands import NewCommand
from db.session import Database

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def new(
    name: str, *, key: str | None = None, request: str = "r", person: str = "zoe", age: int = 0
) -> NewCommand:
    return NewCommand(
        id=name,
        person=person,
        key=key or name,
        request=request,
        launch="L1",
        act="sign",
        payload='{"step":"product"}',
        at=NOW - age * SECOND,
    )


async def test_a_new_command_is_pending_until_it_is_finished_once(database: Database) -> None:
    async with database.write() as session:
        opened = await commands.open_command(session, new("c1"))
        assert opened.outcome == "new"
        assert await commands.get(session, "c1") == opened.command
    async with database.write() as session:
        assert await commands.finish(session, "c1", status=200, reply='{"seq":7}', at=NOW)
        assert not await commands.finish(session, "c1", status=409, reply="{}", at=NOW)
    async with database.read() as session:
        stored = await commands.get(session, "c1")
    assert stored is not None
    assert (stored.state, stored.status, stored.reply) == ("done", 200, '{"seq":7}')


async def test_a_refusal_is_final_too(database: Database) -> None:
    async with database.write() as session:
        await commands.open_command(session, new("c1"))
        await commands.finish(session, "c1", status=403, reply="{}", at=NOW)
        again = await commands.open_command(session, new("c2", key="c1"))
    assert again.outcome == "same"
    assert (again.command.id, again.command.state, again.command.status) == ("c1", "refused", 403)


async def test_what_could_not_be_understood_uses_up_no_key(database: Database) -> None:
    async with database.write() as session:
        await commands.open_command(session, new("c1", key="k"))
        await commands.finish(session, "c1", status=422, reply='{"code":"invalid"}', at=NOW)
        corrected = await commands.open_command(session, new("c2", key="k", request="another"))
        refused = await commands.get(session, "c1")
    assert (corrected.outcome, corrected.command.id) == ("new", "c2")
    assert refused is not None
    assert (refused.state, refused.status, refused.reply) == ("refused", 422, '{"code":"invalid"}')


async def test_a_key_is_bound_to_its_request_and_its_person(database: Database) -> None:
    async with database.write() as session:
        await commands.open_command(session, new("c1", key="k"))
        other = await commands.open_command(session, new("c2", key="k", request="another"))
        else_ = await commands.open_command(session, new("c3", key="k", person="adam"))
        unknown = await commands.find_by_key(session, "zoe", "unknown")
    assert (other.outcome, other.command.id) == ("mismatch", "c1")
    assert (else_.outcome, else_.command.id) == ("new", "c3")
    assert unknown is None


async def test_one_key_used_forty_times_at_once_is_one_command(database: Database) -> None:
    async def once(number: int) -> str:
        async with database.write() as session:
            return (await commands.open_command(session, new(f"c{number}", key="k"))).outcome

    outcomes = await asyncio.gather(*(once(number) for number in range(40)))
    assert sorted(outcomes) == ["new", *["same"] * 39]


async def test_silent_commands_are_claimed_once_and_oldest_first(database: Database) -> None:
    async with database.write() as session:
        for number, age in enumerate((5, 90, 40, 80)):
            await commands.open_command(session, new(f"c{number}", age=age))
        await commands.finish(session, "c3", status=200, reply="{}", at=NOW)

    async def claim() -> list[str]:
        async with database.write() as session:
            found = await commands.silent(session, older_than=10 * SECOND, limit=10, now=NOW)
        return [command.id for command in found]

    assert await claim() == ["c1", "c2"]
    assert await claim() == []


async def test_commands_sent_by_a_clock_that_was_ahead_are_claimed_at_once(
    database: Database,
) -> None:
    async with database.write() as session:
        await commands.open_command(session, new("now"))
        await commands.open_command(session, new("ahead", age=-6 * 3600))
        found = await commands.silent(session, older_than=10 * SECOND, limit=10, now=NOW)
        again = await commands.silent(session, older_than=10 * SECOND, limit=10, now=NOW)
    assert [command.id for command in found] == ["ahead"]
    assert again == ()


async def test_an_answered_command_is_sent_again_until_its_launch_is_heard(
    database: Database,
) -> None:
    async def claim(minutes: int) -> list[str]:
        async with database.write() as session:
            found = await commands.silent(
                session, older_than=SECOND, limit=10, now=NOW + minutes * 60 * SECOND
            )
        return [command.id for command in found]

    async with database.write() as session:
        for name in ("c1", "c2"):
            await commands.open_command(session, new(name))
            await commands.answer(session, name, status=200, seq=7, at=NOW)
        assert not await commands.finish(session, "c1", status=409, reply="no", at=NOW)
        stored = await commands.get(session, "c1")
    assert stored is not None
    assert (stored.state, stored.status, stored.reply, stored.seq) == ("done", 200, None, 7)
    assert await claim(1) == ["c1", "c2"]
    async with database.write() as session:
        await commands.hear(session, ["c1"], NOW)
    assert await claim(2) == ["c2"]


async def test_no_more_commands_are_claimed_than_asked_for(database: Database) -> None:
    async with database.write() as session:
        for number in range(5):
            await commands.open_command(session, new(f"c{number}", age=100 - number))
        found = await commands.silent(session, older_than=SECOND, limit=2, now=NOW)
    assert [command.id for command in found] == ["c0", "c1"]


async def test_refused_acts_are_kept_newest_first(database: Database) -> None:
    acts = [
        audit.RefusedAct(NOW, "POST", "/x", 403, "not_yours", "No.", person, "sign", launch, "s")
        for person, launch in (("zoe", "L1"), ("adam", "L1"), ("zoe", "L2"))
    ]
    async with database.write() as session:
        for act in acts:
            await audit.write(session, act)
        assert await audit.newest(session) == tuple(reversed(acts))
        assert await audit.newest(session, person="zoe") == (acts[2], acts[0])
        assert await audit.newest(session, launch="L1", limit=1) == (acts[1],)


async def test_a_code_belongs_to_one_launch(database: Database) -> None:
    async def reserve(number: int) -> bool:
        async with database.write() as session:
            return await codes.reserve(session, "FT-1", f"L{number}", person="zoe", at=NOW)

    assert sorted(await asyncio.gather(*map(reserve, range(20)))) == [*[False] * 19, True]
    async with database.write() as session:
        launch = await codes.launch_of(session, "FT-1")
        assert launch is not None
        assert await codes.reserve(session, "FT-1", launch, person="zoe", at=NOW)
        assert await codes.release(session, launch)
        assert not await codes.release(session, launch)
        assert await codes.reserve(session, "FT-1", "another", person="zoe", at=NOW)


async def test_nobody_is_told_twice(database: Database) -> None:
    async with database.write() as session:
        await codes.reserve(session, "FT-1", "L1", person="zoe", at=NOW)
        told = [
            await notices.tell(session, "L1", "product", people, kind="stand_down", at=NOW)
            for people in (("zoe", "adam", "zoe"), ("adam", "eve"), ())
        ]
        assert told == [("zoe", "adam"), ("eve",), ()]
        assert await notices.mark_read(session, "zoe", launch="L1", at=NOW)
        assert not await notices.mark_read(session, "zoe", launch="L1", at=NOW)
