"""`countersign insights …`: figures on the terminal, and the event log as a file."""

import json
from pathlib import Path

from tests.cli.conftest import Shell
from tests.cli.plans import written


async def closed(shell: Shell, tmp_path: Path) -> str:
    path, code = written(tmp_path)
    launch = json.loads(await shell.good("launch", "start", path, "--json"))
    await shell.good("sign", code, "product", "--yes", person="lead.product")
    await shell.good("cancel", code, "--reason", "over")
    await shell.good("launch", "status", code, "--watch", "--json")
    return str(launch["id"])


async def test_figures_are_shown_by_interface(shell: Shell, tmp_path: Path) -> None:
    await closed(shell, tmp_path)
    said = await shell.good("insights", "show")
    assert "runs closed" in said
    assert "Medians, with the number of cases" in said
    found = json.loads(await shell.good("insights", "show", "--json"))
    assert found["cases"] >= 1
    none = await shell.good("insights", "show", "--from", "2020-01-01", "--to", "2020-01-02")
    assert "No run closed" in none


async def test_the_event_log_is_written_into_a_file(shell: Shell, tmp_path: Path) -> None:
    launch = await closed(shell, tmp_path)
    out = tmp_path / "log.json"
    await shell.good("insights", "export", "--out", str(out))
    log = json.loads(out.read_text(encoding="utf-8"))
    assert f"launch:{launch}" in {one["id"] for one in log["objects"]}
    assert json.loads(await shell.good("insights", "export")).keys() == log.keys()


async def test_a_time_that_is_none_is_named(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "log.json"
    done = await shell("insights", "export", "--from", "soon", "--out", str(out))
    assert done.code == 1
    assert "from" in done.stderr
    assert not out.exists()
