"""The record taken out of an installation and checked without one."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell, invoke
from tests.cli.plans import written


@pytest.fixture
async def launch(shell: Shell, tmp_path: Path) -> str:
    path, code = written(tmp_path)
    started = json.loads(await shell.good("launch", "start", path, "--json"))
    await shell.good("sign", code, "product", person="lead.product")
    return str(started["id"])


async def test_an_export_is_checked_by_public_keys_alone(
    shell: Shell, launch: str, tmp_path: Path
) -> None:
    export, heads, keys = (tmp_path / name for name in ("ledger.jsonl", "heads.json", "keys.json"))
    await shell.good("ledger", "export", "--out", str(export))
    await shell.good("ledger", "heads", "--out", str(heads))
    await shell.good("ledger", "keys", "--out", str(keys))
    check = ("ledger", "verify", "--file", str(export), "--keys", str(keys))
    done = invoke(*check, "--heads", str(heads), "--json")
    assert done.code == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["verified"], found["keys"]) == (True, "given")
    assert found["signatures"] >= 1
    alone = invoke("ledger", "verify", "--file", str(export))
    assert alone.code == 0
    assert "who made it is not proved" in alone.stdout
    assert (await shell("ledger", "verify", "--heads", str(heads))).code == 0
    one = (await shell.good("ledger", "export", launch)).splitlines()
    assert len(one) > 1
    assert all(json.loads(line)["launch"] for line in one[1:])

    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:-1]), encoding="utf-8")
    cut = invoke(*check)
    assert cut.code == 1
    assert "missing" in cut.stdout


async def test_what_cannot_be_checked_is_said(shell: Shell, launch: str, tmp_path: Path) -> None:
    nothing, plan = tmp_path / "nothing", tmp_path / "plan.json"
    nothing.write_bytes(b"")
    plan.write_text("{}", encoding="utf-8")
    export = tmp_path / "ledger.jsonl"
    await shell.good("ledger", "export", launch, "--out", str(export))
    for arguments, code, says in (
        (("--file", str(nothing)), 1, "no export of a ledger"),
        (("--file", str(export), "--keys", str(nothing)), 1, "is no JSON"),
        (("--file", str(export), "--keys", str(plan)), 1, "no set of public keys"),
        (("--file", str(export), "--heads", str(plan)), 1, "states no heads"),
        (("--keys", str(plan)), 2, "goes with --file only"),
        ((launch, "--file", str(export)), 2, "is checked as a whole"),
        (("--file", str(tmp_path / "absent")), 2, "does not exist"),
    ):
        done = invoke("ledger", "verify", *arguments)
        assert done.code == code, (arguments, done)
        assert says in " ".join(done.stderr.replace("│", " ").split()), arguments
    lost = await shell("ledger", "export", "--out", str(tmp_path / "no" / "where"))
    assert lost.code == 1
    assert "cannot be written" in lost.stderr
    unknown = await shell("ledger", "export", "T-none", "--out", str(tmp_path / "x"))
    assert (unknown.code, (tmp_path / "x").exists()) == (1, False)
