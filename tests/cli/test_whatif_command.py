"""`countersign what-if`: the answer on the terminal and as JSON, and what is wrong usage."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.cli.plans import written


@pytest.fixture
async def code(shell: Shell, tmp_path: Path) -> str:
    """A launch whose first step is signed, whose second declined, and which was cancelled."""
    path, code = written(tmp_path)
    await shell.good("launch", "start", path)
    await shell.good("sign", code, "product", "--yes", person="lead.product")
    await shell.good("decline", code, "marketing", "--reason", "no", person="lead.marketing")
    await shell.good("cancel", code, "--reason", "over")
    await shell.good("launch", "status", code, "--watch", "--json")
    return code


async def test_what_is_different_is_shown(shell: Shell, code: str) -> None:
    said = await shell.good("what-if", code, "--act", "marketing=sign")
    assert said.startswith("still ■ cancelled")
    assert "declined  cancelled" in said
    assert "promised  never" in said
    assert "communications  asked     never" in said
    assert "lead.marketing" not in said


async def test_nothing_different(shell: Shell, code: str) -> None:
    assert "Nothing is different." in await shell.good("what-if", code)


async def test_all_that_is_said_of_a_step_is_one_change(shell: Shell, code: str) -> None:
    answer = json.loads(
        await shell.good(
            *("what-if", code, "--json", "--within", "product=PT0.001S"),
            *("--act", "product=decline", "--signers", "product=2"),
        )
    )
    assert answer["faithful"]
    assert answer["recomputed"]["steps"][0]["promised_at"] is None


@pytest.mark.parametrize(
    "wrong", [("--act", "marketing"), ("--signers", "product=two"), ("--within", "=1bd")]
)
async def test_wrong_usage(shell: Shell, wrong: tuple[str, str]) -> None:
    assert (await shell("what-if", "any", *wrong)).code == 2


async def test_what_contradicts_the_run_is_named(shell: Shell, code: str) -> None:
    done = await shell("what-if", code, "--act", "sales=sign")
    assert done.code == 1
    assert "no step “sales”" in done.stderr
