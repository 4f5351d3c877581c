import pytest

from bench.process import ROOT
from bench.traced import place_of


@pytest.mark.parametrize(
    ("filename", "place"),
    [
        (str(ROOT / "workflows" / "launch.py"), "workflows/launch.py"),
        (str(ROOT / "domain" / "decisions" / "guards.py"), "domain/decisions"),
        ("/x/lib/site-packages/temporalio/worker/_workflow.py", "temporalio/worker"),
        ("/x/lib/site-packages/typing_extensions.py", "typing_extensions.py"),
        ("/x/lib/python3.11/asyncio/tasks.py", "the standard library"),
        ("<frozen importlib._bootstrap>", "importlib (the code it loads)"),
        ("<string>", "the standard library"),
    ],
)
def test_memory_is_told_by_package(filename: str, place: str) -> None:
    assert place_of(filename) == place
