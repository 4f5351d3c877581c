from pathlib import Path

from runtime.temporal import deployed_runner
from tests.replay import record
from tests.replay.goldens import names, read
from tests.replay.telling import doubts


async def test_what_is_recorded_now_is_told_as_it_happened(tmp_path: Path) -> None:
    """And it takes the turns of the golden of that name."""
    name = "failed-by-repair"
    await record.main([name], tmp_path)
    assert names(tmp_path) == [name]
    recorded = read(name, tmp_path)
    assert await doubts(recorded, deployed_runner()) == ()
    kinds = [entry.event.kind for entry in recorded.ledger]
    assert kinds == [entry.event.kind for entry in read(name).ledger]
