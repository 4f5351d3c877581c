import gzip
import re
from pathlib import Path

import pytest
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from domain.canonical import canonical
from domain.evolve import fold
from runtime.temporal import deployed_runner, strict_runner
from tests.replay.goldens import HISTORIES, names, read
from tests.replay.scenarios import SCENARIOS
from tests.replay.telling import told
from tests.workflows.server import IDENTITY
from workflows import replay

RUNNERS = {"deployed": deployed_runner(), "strict": strict_runner()}
OUTCOMES = {"failed-by-repair": "failed", "cancelled": "cancelled"}
LARGEST = 100_000


def test_every_scenario_was_recorded() -> None:
    assert set(names()) == set(SCENARIOS)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)
async def test_a_recorded_launch_is_told_as_it_happened(
    name: str, runner: SandboxedWorkflowRunner
) -> None:
    golden = read(name)
    story = await told(golden, runner)
    assert story.failure is None
    assert canonical(story.entries) == canonical(golden.ledger)
    assert len(story.commands) == len(fold(golden.ledger).commands)
    assert replay.doubts(story, golden.ledger, trusted=golden.keys) == ()


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_recorded_launch_has_ended(name: str) -> None:
    launch = fold(read(name).ledger)
    assert launch.id == name
    assert launch.outcome == OUTCOMES.get(name, "completed")


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_recording_is_small_and_names_no_machine(name: str) -> None:
    files = [HISTORIES / f"{name}.{kind}" for kind in ("history.json.gz", "ledger.json")]
    assert all(file.stat().st_size < LARGEST for file in files)
    text = gzip.decompress(files[0].read_bytes()).decode()
    assert set(re.findall(r'"identity":"([^"]*)"', text)) == {IDENTITY}


def test_the_same_golden_is_written_the_same(tmp_path: Path) -> None:
    read("diamond").write(tmp_path)
    for file in sorted(tmp_path.iterdir()):
        assert file.read_bytes() == (HISTORIES / file.name).read_bytes()
