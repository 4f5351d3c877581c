"""The demo plays to its end on an installation of its own, and fails at what should not be."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from api.intake.files import read_plan_file, with_dates
from cli.demo import sample
from cli.demo.cast import LINES, PEOPLE, SPONSOR, Cast
from cli.demo.command import language_of_locale
from cli.demo.playing import Manner, play_on
from cli.demo.proof import damage_in
from cli.demo.stage import NotAsExpected, Stage
from cli.show import console
from db import codes
from domain.canonical import digest
from tests.cli.conftest import Shell
from tests.cli.plans import plan
from tests.stack import Stack

HOUR = 3600


@pytest.mark.serial
async def test_the_demo_plays_on_an_installation_of_its_own() -> None:
    """As a person starts it whose shell is set up for another installation."""
    foreign = {
        "COUNTERSIGN_DATA_DIR": "/nonexistent",
        "COUNTERSIGN_URL": "http://127.0.0.1:9",
        "DATABASE_URL": "sqlite:////nonexistent/file.db",
        "NO_COLOR": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "demo", "--lang", "zh"),
        env={**os.environ, **foreign},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(180):
        stdout, stderr = (stream.decode() for stream in await process.communicate())
    assert process.returncode == 0, stderr
    assert stderr == ""
    told = [
        *(
            "产品负责人为产品签署承诺",
            "没有提炼卖点",
            "升级至渠道部门主管，第2级",
            "A市一线叫停活动",
        ),
        *("海报上缺少卖点", "闸门放行，活动上线", "活动结束：已完成", "★ 已验收", "台账完整"),
        *("上线闸门未放行：传播 未交付", "活动结束：已失败", "晚到或未到: 市场, 传播, 渠道, 客服"),
        *("方案下达晚, 培训缺失, 资源不足", "24人的姓名无一出现", "方案签署当天即预订培训"),
    ]
    assert [words for words in told if words not in stdout] == []
    assert "\x1b" not in stdout


@pytest.mark.serial
async def test_the_demo_plays_on_an_installation_that_runs(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir = stack.settings.data_dir
    await asyncio.to_thread(play_on, stack.base_url, data_dir, Manner("en", pace=0))
    told = " ".join(capsys.readouterr().out.split())
    assert "Front line city A stops the launch" in told
    assert "closed: completed" in told
    assert "The ledger is whole" in told
    assert "closed: failed" in told
    assert "came late, or not at all: Marketing, Communications, Channel, Customer service" in told
    assert "Plan late, Missing training, Shortage" in told
    assert "None of 24 people is named" in told
    assert "What follows is a commitment too" in told


@pytest.mark.serial
async def test_one_part_alone(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    data_dir = stack.settings.data_dir
    manner = Manner("en", pace=0, parts=("2",))
    await asyncio.to_thread(play_on, stack.base_url, data_dir, manner)
    told = capsys.readouterr().out
    assert "closed: failed" in told
    assert "closed: completed" not in told


async def test_the_sample_is_started_once_and_stays_in_committing(
    stack: Stack, shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        await sample.seed_demo(stack.settings)
    said = capsys.readouterr()
    assert said.out == ""
    assert stack.base_url in said.err
    assert "countersign token create lead.product" in said.err
    page = json.loads(await shell.good("launch", "list", "-q", sample.CODE, "--json"))
    assert [launch["phase"] for launch in page["items"]] == ["committing"]
    async with stack.database.read() as session:
        known = await codes.launch_of(session, sample.CODE)
    assert page["items"][0]["id"] == known


@pytest.fixture
async def stage(stack: Stack) -> AsyncIterator[Stage]:
    """With a launch weeks ahead."""
    tokens = {person: stack.tokens[person] for person in PEOPLE}
    submitted = with_dates(plan(), datetime.now(UTC))
    launch = (await stack.post("/launches", submitted, "planner.personal")).json()
    with Cast(stack.base_url, tokens, "en") as cast:
        stage = Stage(cast, console.out(), pace=0)
        await asyncio.to_thread(stage.open, launch)
        yield stage


async def test_what_does_not_come_true_ends_the_demo(stage: Stage) -> None:
    with pytest.raises(NotAsExpected, match="'product': 'signed'"):
        stage.expect_states(product="signed")
    with pytest.raises(NotAsExpected, match="waiting for the window to start after 0"):
        await asyncio.to_thread(stage.wait, "to_start", lambda _: False, 0.2)

    def sign() -> None:
        stage.refuse_signature(SPONSOR, "product", "not_yours")
        stage.refuse_signature("lead.product", "product", "not_yours")

    with pytest.raises(NotAsExpected, match=r"lead\.product could sign for product"):
        await asyncio.to_thread(sign)


def test_the_sample_is_the_plan_of_its_file() -> None:
    plan = read_plan_file(sample.SAMPLE, now=datetime.now(UTC))
    assert isinstance(plan, dict)
    assert plan["code"] == sample.CODE


def test_the_language_is_the_locales(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language_of_locale() == "zh"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert language_of_locale() == "en"


def test_every_line_is_there_in_chinese() -> None:
    assert [key for key, (_, zh) in LINES.items() if not zh] == []


def recorded(launch: str, *types: str) -> list[dict[str, Any]]:
    """Events chained as the ledger chains them."""
    events: list[dict[str, Any]] = []
    before = "sha256:" + "0" * 64
    for seq, kind in enumerate(types, start=1):
        event: dict[str, Any] = {
            "seq": seq,
            "at": f"2026-11-24T0{seq}:00:00Z",
            "type": kind,
            "step": "product",
            "actor": "system",
            "command": None,
            "jws": None,
            "data": {},
            "prev_hash": before,
        }
        event["hash"] = before = digest({"launch": launch, **event})
        events.append(event)
    return events


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        ({}, None),
        ({"actor": "somebody"}, "event 2 is not what was recorded"),
        ({"seq": 3}, "event 2 is missing"),
        ({"prev_hash": "sha256:0"}, "event 2 does not follow the one before"),
    ],
)
def test_a_change_of_an_event_is_seen(change: Mapping[str, Any], damage: str | None) -> None:
    events = recorded("L", "LaunchStarted", "CommitmentRequested", "CommitmentSigned")
    events[1].update(change)
    assert damage_in("L", events) == damage
    assert damage_in("another", recorded("L", "LaunchStarted")) is not None
