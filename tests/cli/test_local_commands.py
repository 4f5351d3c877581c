"""Commands on the data directory itself: organisation, people, tokens, ledger."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.sample import ORGANISATION
from tests.cli.conftest import Done, Shell, invoke
from tests.cli.plans import written

Here = Callable[..., Done]


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """Commands on a data directory of the test's own, migrated."""
    data_dir = str(tmp_path / "data")
    assert invoke("migrate", "--data-dir", data_dir).code == 0
    return lambda *arguments: invoke(*arguments, "--data-dir", data_dir)


def test_what_is_imported_is_shown_again(here: Here, tmp_path: Path) -> None:
    first = here("org", "import", str(ORGANISATION))
    assert (first.code, first.stdout) == (0, "")
    assert "5 modules" in first.stderr
    shown = here("org", "show")
    again = tmp_path / "again.yaml"
    again.write_text(shown.stdout, encoding="utf-8")
    assert here("org", "import", str(again)).code == 0
    assert here("org", "show").stdout == shown.stdout
    document = json.loads(here("org", "show", "--json").stdout)
    assert document["organisation"]["zone"] == "Asia/Shanghai"
    counted = json.loads(here("org", "import", str(ORGANISATION), "--json").stdout)
    assert counted == {"organisation": "Feiteng 飞腾", "modules": 5, "people": 24}


def test_a_wrong_file_is_refused_with_all_its_errors(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "org.yaml"
    file.write_text(
        "organisation: {name: X, zone: Mars, country: CN, cutoff: '25:00'}\n"
        "modules: [{key: product, name: {en: P, zh: 品}}]\n"
        "people: [{id: a, name: {en: A, zh: 甲}, roles: ['lead:prodct']}]\n",
        encoding="utf-8",
    )
    done = here("org", "import", str(file))
    assert (done.code, done.stdout) == (1, "")
    paths = ("organisation.zone:", "organisation.cutoff:", "people[0].roles[0]:")
    assert all(path in done.stderr for path in paths)
    assert here("org", "show").code == 1


def test_people_are_listed_with_their_roles(here: Here) -> None:
    here("org", "import", str(ORGANISATION))
    people = json.loads(here("person", "list", "--json").stdout)
    assert next(p["roles"] for p in people if p["id"] == "sponsor") == ["sponsor"]
    table = here("person", "list").stdout
    assert "发起领导" in table
    assert "lead:product" in table


def test_a_token_is_printed_once_and_alone(here: Here) -> None:
    here("org", "import", str(ORGANISATION))
    first, second = (here("token", "create", "lead.product", "--days", "3") for _ in range(2))
    assert first.stderr == ""
    assert len(first.stdout.split()) == 1
    assert first.stdout != second.stdout
    made = json.loads(here("token", "create", "sponsor", "--json").stdout)
    assert set(made) == {"token", "person", "expires_at"}


def test_nobody_of_that_name_gets_a_token(here: Here) -> None:
    before = here("token", "create", "lead.product")
    assert (before.code, before.stdout) == (1, "")
    assert "countersign org import" in before.stderr
    here("org", "import", str(ORGANISATION))
    done = here("token", "create", "lead.prodct")
    assert (done.code, done.stdout) == (1, "")
    assert "did you mean “lead.product”?" in done.stderr


def test_an_invitation_is_a_link_that_works_until_the_next_one(here: Here) -> None:
    before = here("person", "invite", "lead.product")
    assert (before.code, before.stdout) == (1, "")
    assert "countersign org import" in before.stderr
    here("org", "import", str(ORGANISATION))
    first, second = (here("person", "invite", "lead.product") for _ in range(2))
    assert first.stderr == ""
    assert first.stdout.startswith("http://127.0.0.1:8000/welcome/")
    assert first.stdout != second.stdout
    made = json.loads(here("person", "invite", "sponsor", "--days", "2", "--json").stdout)
    assert set(made) == {"link", "person", "expires_at"}
    done = here("person", "invite", "lead.prodct")
    assert (done.code, done.stdout) == (1, "")
    assert "did you mean “lead.product”?" in done.stderr


def test_tokens_are_taken_back_at_once(here: Here) -> None:
    here("org", "import", str(ORGANISATION))
    for _ in range(2):
        here("token", "create", "lead.product")
    revoked = here("token", "revoke", "lead.product", "--json")
    assert json.loads(revoked.stdout) == {"person": "lead.product", "revoked": 2}
    again = here("token", "revoke", "lead.product")
    assert (again.code, again.stdout) == (0, "")
    assert "0 tokens" in again.stderr
    nobody = here("token", "revoke", "lead.prodct")
    assert (nobody.code, nobody.stdout) == (1, "")
    assert "did you mean “lead.product”?" in nobody.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("org", "show"),
        ("org", "import", str(ORGANISATION)),
        ("person", "list"),
        ("person", "invite", "sponsor"),
        ("token", "create", "sponsor"),
        ("token", "revoke", "sponsor"),
        ("ledger", "verify"),
        ("ledger", "rebuild"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_database_that_is_not_migrated_is_refused(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done = invoke(*arguments, "--data-dir", str(tmp_path / "new"))
    assert (done.code, done.stdout) == (1, "")
    assert "countersign migrate" in done.stderr
    assert not (tmp_path / "new").exists()


def test_an_address_of_a_database_that_is_none_is_named() -> None:
    done = invoke("org", "show", DATABASE_URL="mysql://host/name")
    assert done.code == 1
    assert "DATABASE_URL" in done.stderr


@pytest.fixture
async def launch(shell: Shell, tmp_path: Path) -> str:
    path, code = written(tmp_path)
    started = json.loads(await shell.good("launch", "start", path, "--json"))
    await shell.good("sign", code, "product", person="lead.product")
    return str(started["id"])


@pytest.fixture
def rows(shell: Shell) -> Iterator[sqlite3.Connection]:
    """What somebody with the database's file can do."""
    file = shell.stack.settings.installation.database
    with closing(sqlite3.connect(file, timeout=10)) as connection:
        yield connection


async def test_a_whole_ledger_is_said_to_be(shell: Shell, launch: str) -> None:
    one = json.loads(await shell.good("ledger", "verify", launch, "--json"))
    assert (one["verified"], one["launches"], one["problems"]) == (True, 1, [])
    assert one["entries"] >= 5
    assert "The ledger is whole" in await shell.good("ledger", "verify", launch)
    unknown = await shell("ledger", "verify", "T-none")
    assert (unknown.code, unknown.stdout) == (1, "")
    assert "There is no launch “T-none”" in unknown.stderr


async def test_damage_is_named_by_launch_row_and_kind(
    shell: Shell, launch: str, rows: sqlite3.Connection
) -> None:
    (trigger,) = rows.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'ledger_no_update'"
    ).fetchone()
    (data,) = rows.execute(
        "SELECT data FROM ledger WHERE launch = ? AND seq = 3", (launch,)
    ).fetchone()
    change = "UPDATE ledger SET data = ? WHERE launch = ? AND seq = 3"
    rows.execute("DROP TRIGGER ledger_no_update")
    rows.execute(change, (data.replace("lead", "head"), launch))
    rows.commit()
    try:
        done = await shell("ledger", "verify", "--json")
        assert done.code == 1
        problems = json.loads(done.stdout)["problems"]
        assert (launch, 3, "edited") in [(p["launch"], p["seq"], p["kind"]) for p in problems]
        said = await shell("ledger", "verify", launch)
        assert said.code == 1
        assert all(word in said.stdout for word in (launch, "3", "edited"))
        rebuilt = await shell("ledger", "rebuild", launch)
        assert rebuilt.code == 1
        assert "Left as they are" in rebuilt.stdout
    finally:
        rows.execute(change, (data, launch))
        rows.execute(trigger)
        rows.commit()
    assert (await shell("ledger", "verify", launch)).code == 0


async def test_a_lost_read_model_is_made_again(
    shell: Shell, launch: str, rows: sqlite3.Connection
) -> None:
    before = await shell.good("launch", "status", launch, "--json")
    for table, column in (("inbox", "launch"), ("escalation", "launch"), ("launch", "id")):
        rows.execute(f"DELETE FROM {table} WHERE {column} = ?", (launch,))  # noqa: S608 - ours
    rows.commit()
    assert (await shell("launch", "status", launch)).code == 1
    assert (await shell("ledger", "verify", launch)).code == 1
    assert json.loads(await shell.good("ledger", "rebuild", launch, "--json"))["launches"] == 1
    assert await shell.good("launch", "status", launch, "--json") == before
    assert "Made again" in await shell.good("ledger", "rebuild")
