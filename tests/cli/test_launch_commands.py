"""Plans checked and started, launches listed, shown, watched and ended from the command line."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.cli.plans import plan, written


async def started(shell: Shell, folder: Path) -> str:
    path, code = written(folder)
    await shell.good("launch", "start", path)
    return code


async def test_a_plan_is_checked_without_being_started(shell: Shell, tmp_path: Path) -> None:
    path, code = written(tmp_path)
    found = json.loads(await shell.good("launch", "check", path, "--json"))
    assert next(entry["step"] for entry in found["timeline"]) == "product"
    said = await shell.good("launch", "check", path)
    assert "No findings" in said
    assert "times in Asia/Shanghai" in said
    assert "working days" in said
    assert json.loads(await shell.good("launch", "list", "-q", code, "--json"))["items"] == []


async def test_a_started_launch_is_shown_by_id_and_by_code(shell: Shell, tmp_path: Path) -> None:
    path, code = written(tmp_path)
    launch = json.loads(await shell.good("launch", "start", path, "--json"))
    assert launch["code"] == code
    for reference in (launch["id"], code):
        shown = json.loads(await shell.good("launch", "status", reference, "--json"))
        assert shown["id"] == launch["id"]
    drawn = await shell.good("launch", "status", code)
    assert "● requested" in drawn
    assert "product to sign" in drawn
    assert "0/5 promised" in drawn


async def test_all_errors_of_a_plan_come_at_once_by_field(shell: Shell, tmp_path: Path) -> None:
    path, _ = written(tmp_path, department=7, sponsor="nobody", windw={})
    done = await shell("launch", "start", path)
    assert done.code == 1
    assert done.stdout == ""
    assert all(field in done.stderr for field in ("department:", "sponsor:", "windw:"))
    refused = await shell("launch", "start", path, "--json")
    assert json.loads(refused.stdout)["code"] == "invalid"


async def test_a_file_that_cannot_be_read_is_no_plan(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "plan.yaml"
    broken.write_text("code: [", encoding="utf-8")
    done = await shell("launch", "check", str(broken))
    assert (done.code, done.stdout) == (1, "")
    assert "line 1" in done.stderr


async def test_a_taken_code_is_refused_in_a_sentence(shell: Shell, tmp_path: Path) -> None:
    path, code = written(tmp_path)
    await shell.good("launch", "start", path)
    done = await shell("launch", "start", path)
    assert done.code == 1
    assert done.stderr.startswith("error: ")
    assert code in done.stderr


async def test_launches_are_listed_and_filtered(shell: Shell, tmp_path: Path) -> None:
    codes = [await started(shell, tmp_path) for _ in range(3)]
    page = json.loads(await shell.good("launch", "list", "--limit", "1", "--json"))
    assert [launch["code"] for launch in page["items"]] == [codes[-1]]
    assert page["next_cursor"] is not None
    everything = json.loads(await shell.good("launch", "list", "--all", "--json"))
    assert set(codes) <= {launch["code"] for launch in everything["items"]}
    assert everything["next_cursor"] is None
    table = await shell.good(
        "launch", "list", "--phase", "committing", "--module", "product", "-q", codes[0]
    )
    assert codes[0] in table
    assert codes[1] not in table
    assert "There are more" in await shell.good("launch", "list", "--limit", "1")
    assert "No launches" in await shell.good("launch", "list", "--department", "none")


async def test_events_are_told_one_a_line(shell: Shell, tmp_path: Path) -> None:
    code = await started(shell, tmp_path)
    told = (await shell.good("launch", "events", code)).splitlines()
    assert "planner.personal starts" in told[0]
    assert "product is asked to sign version 1" in told[1]
    lines = (await shell.good("launch", "events", code, "--json")).splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [1, 2]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["lines", "json"])
async def test_watching_ends_when_the_launch_closes(
    shell: Shell, tmp_path: Path, options: tuple[str, ...]
) -> None:
    code = await started(shell, tmp_path)
    watching = asyncio.create_task(shell.apart("launch", "status", code, "--watch", *options))
    following = asyncio.create_task(shell.apart("launch", "events", code, "--follow", *options))
    await asyncio.sleep(3)
    await shell.good("cancel", code, "--reason", "another time")
    async with asyncio.timeout(20):
        watched, told = await watching, await following
    assert watched.code == told.code == 0
    if options:
        states = [json.loads(line) for line in watched.stdout.splitlines()]
        assert [states[0]["phase"], states[-1]["phase"]] == ["committing", "closed"]
        assert json.loads(told.stdout.splitlines()[-1])["type"] == "LaunchClosed"
    else:
        assert "cancels the launch: another time" in watched.stdout
        assert "closed: cancelled" in told.stdout
    again = await shell("launch", "status", code, "--watch", *options)
    assert again.code == 0


async def test_a_launch_is_stopped_resumed_and_cancelled(shell: Shell, tmp_path: Path) -> None:
    code = await started(shell, tmp_path)
    stopped = await shell.good("stop", code, "--reason", "no posters", person="frontline.city-a")
    assert "frontline.city-a: no posters" in stopped
    assert "sponsor to resume or cancel" in stopped
    refused = await shell("launch", "resume", code, "--reason", "go on")
    assert refused.code == 1
    assert "Only the sponsor or an executive" in refused.stderr
    resumed = await shell.good("resume", code, "--reason", "posters are here", person="sponsor")
    assert "product to sign" in resumed
    await shell.good("launch", "cancel", code, "--reason", "not this year")
    shown = await shell.good("launch", "status", code)
    assert "■ cancelled" in shown


async def test_relative_dates_of_a_file_are_sent_as_dates(shell: Shell, tmp_path: Path) -> None:
    path, _ = written(tmp_path, window=plan()["window"])
    launch = json.loads(await shell.good("launch", "start", path, "--json"))
    assert launch["window"]["start"].endswith("T16:00:00Z")
