"""`countersign replay`: the run on the terminal, one moment of it, and the verification alone."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.client import Client

from cli.remote.playing import SHORTEST, pauses
from tests.cli.conftest import Shell
from tests.cli.plans import written
from tests.db.test_integrity import TRIGGERS
from tests.stack import running_stack


@pytest.fixture
async def code(shell: Shell, tmp_path: Path) -> str:
    """A launch whose first step is signed."""
    path, code = written(tmp_path)
    await shell.good("launch", "start", path)
    await shell.good("sign", code, "product", "--yes", person="lead.product")
    return code


async def test_a_run_is_told_moment_by_moment(shell: Shell, code: str) -> None:
    said = await shell.good("replay", code)
    assert "launch started" in said
    assert "commitment signed: product" in said
    assert re.search(r"#\w{4} \(product\)", said)
    assert "product → marketing" in said
    assert "✓ verified" in said
    assert "lead.product" not in said


async def test_one_moment_is_the_chain_as_it_was_then(shell: Shell, code: str) -> None:
    told = json.loads(await shell.good("replay", code, "--json"))
    seq = next(f["seq"] for f in told["frames"] if f["event"] == "CommitmentSigned")
    before, after = [await shell.good("replay", code, "--at", str(n)) for n in (seq - 1, seq)]
    assert "● requested" in before
    assert "✓ signed" not in before
    assert "✓ signed" in after
    assert "had before them" in before
    frame = json.loads(await shell.good("replay", code, "--at", str(seq), "--json"))
    assert frame == told["frames"][seq - 1]


async def test_a_moment_that_never_was_is_named(shell: Shell, code: str) -> None:
    done = await shell("replay", code, "--at", "999")
    assert (done.code, done.stdout) == (1, "")
    assert "has no event 999; the last one that can be told is" in done.stderr


async def test_the_verification_alone(shell: Shell, code: str) -> None:
    assert (await shell.good("replay", code, "--verify")).startswith("✓ verified")
    found = json.loads(await shell.good("replay", code, "--verify", "--json"))
    assert found["verified"]
    assert found.keys() == {"launch", "verified", "verification"}


async def test_a_moving_picture_shows_every_moment(shell: Shell, code: str) -> None:
    """Where there is no terminal, one after the other and at once."""
    told = json.loads(await shell.good("replay", code, "--json"))
    said = await shell.good("replay", code, "--play", "60")
    assert said.count("in anybody's inbox") + said.count("had before them") == len(told["frames"])
    assert said.index("launch started") < said.index("commitment signed: product")
    assert (await shell("replay", code, "--play", "1", "--json")).code == 2


def test_a_picture_stands_as_long_as_its_moment_did() -> None:
    at = ("10:00:00Z", "10:00:00Z", "10:00:30Z", "10:00:40Z")
    frames = [{"at": f"2026-11-02T{clock}"} for clock in at]
    assert list(pauses(frames, 4)) == [SHORTEST, 3.0, 1.0, SHORTEST]


async def test_two_questions_at_once_are_wrong_usage(shell: Shell, code: str) -> None:
    done = await shell("replay", code, "--at", "2", "--verify")
    assert (done.code, done.stdout) == (2, "")


async def test_an_unknown_launch_is_named(shell: Shell) -> None:
    done = await shell("replay", "NOTHING")
    assert done.code == 1
    assert "NOTHING" in done.stderr


async def test_a_run_that_is_not_what_was_recorded_ends_with_1(
    tmp_path: Path, temporal: Client
) -> None:
    async with running_stack(tmp_path, temporal) as stack:
        shell = Shell(stack)
        path, code = written(tmp_path)
        launch = json.loads(await shell.good("launch", "start", path, "--json"))["id"]
        async with stack.database.write() as session:
            for trigger in TRIGGERS["sqlite"]:
                await session.execute(text(trigger))
            edit = text("UPDATE ledger SET actor = 'mallory' WHERE launch = :launch AND seq = 2")
            await session.execute(edit, {"launch": launch})
        done = await shell("replay", code, "--verify")
        assert done.code == 1
        assert "✗ not verified: Entry 2: the ledger is damaged (edited)" in done.stdout
        told = await shell("replay", code)
        assert told.code == 0, "the story is told all the same, up to the damage"
        assert "launch started" in told.stdout
