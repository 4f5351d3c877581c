from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db import access, directory
from db.row import table_of
from db.session import Database
from db.tables import TokenRow
from domain.organisation import Identity, Module, Name, Organisation, Person

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def person(name: str, *roles: str) -> Person:
    return Person(id=name, name=Name(en=name.title(), zh=f"人 {name}"), roles=roles)


ORGANISATION = Organisation(
    identity=Identity("Feiteng", "Asia/Shanghai", "CN", "18:00"),
    modules=(Module("product", Name("Product", "产品")),),
    people=(person("zoe", "head:product", "lead:product"), person("adam", "sponsor")),
    rules={"limits": {"launches_per_channel_week": 3}, "blackouts": [{"from": "2027-02-04"}]},
)


async def test_there_is_no_organisation_before_the_first_import(database: Database) -> None:
    async with database.read() as session:
        assert await directory.load(session) is None


async def test_an_organisation_comes_back_as_it_was_saved(database: Database) -> None:
    for _ in range(2):
        async with database.write() as session:
            await directory.save(session, ORGANISATION)
    async with database.read() as session:
        assert await directory.load(session) == ORGANISATION
        assert await directory.roles_of(session, "zoe") == ("head:product", "lead:product")


async def test_who_leaves_the_file_holds_no_post_and_no_token(database: Database) -> None:
    async with database.write() as session:
        await directory.save(session, ORGANISATION)
        token = await access.create_token(session, "adam", days=1, now=NOW)
        assert await directory.is_person(session, "adam")
    async with database.write() as session:
        await directory.save(session, replace(ORGANISATION, people=ORGANISATION.people[:1]))
    async with database.read() as session:
        assert await directory.roles_of(session, "adam") == ()
        assert await access.person_of_token(session, token, now=NOW) is None
        assert not await directory.is_person(session, "adam")
        assert await directory.load(session) == replace(
            ORGANISATION, people=ORGANISATION.people[:1]
        )


async def test_who_comes_back_is_there_again(database: Database) -> None:
    for people in (ORGANISATION.people, ORGANISATION.people[:1], ORGANISATION.people):
        async with database.write() as session:
            await directory.save(session, replace(ORGANISATION, people=people))
    async with database.read() as session:
        assert await directory.load(session) == ORGANISATION


async def test_a_token_names_its_person_with_the_posts_of_now(database: Database) -> None:
    async with database.write() as session:
        await directory.save(session, ORGANISATION)
        token = await access.create_token(session, "zoe", days=30, now=NOW)
    async with database.read() as session:
        holder = await access.person_of_token(session, token, now=NOW)
    assert holder == access.Holder("zoe", ("head:product", "lead:product"))
    async with database.write() as session:
        await directory.save(session, replace(ORGANISATION, people=(person("zoe"),)))
    async with database.read() as session:
        holder = await access.person_of_token(session, token, now=NOW)
    assert holder == access.Holder("zoe", ())


async def test_a_token_ends_on_its_day_and_when_it_is_revoked(database: Database) -> None:
    async with database.write() as session:
        await directory.save(session, ORGANISATION)
        token = await access.create_token(session, "zoe", days=30, now=NOW)
        late = NOW + timedelta(days=30)
        assert await access.person_of_token(session, token, now=late) is None
        assert await access.person_of_token(session, token + "x", now=NOW) is None
        assert await access.revoke_tokens(session, "zoe") == 1
        assert await access.person_of_token(session, token, now=NOW) is None


async def test_the_text_of_a_token_is_stored_nowhere(database: Database) -> None:
    async with database.write() as session:
        await directory.save(session, ORGANISATION)
        token = await access.create_token(session, "zoe", days=1, now=NOW)
        (row,) = (await session.execute(select(table_of(TokenRow)))).all()
    assert all(token not in str(value) for value in row)


async def test_nobody_outside_the_directory_gets_a_token(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await access.create_token(session, "nobody", days=1, now=NOW)
