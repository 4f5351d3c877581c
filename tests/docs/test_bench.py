"""The page of measurements and its picture are what the newest result says."""

from bench import page, plot
from bench.result import newest, read
from tests.docs.pages import ROOT

REMAKE = "python -m bench.page and python -m bench.plot make it anew"


def test_the_page_is_the_newest_result() -> None:
    written = (ROOT / "docs" / "bench.md").read_text(encoding="utf-8")
    assert written == page.page(read(newest())), REMAKE


def test_the_picture_is_the_newest_result() -> None:
    drawn = (ROOT / "docs" / "bench.svg").read_text(encoding="utf-8")
    assert drawn == plot.draw(read(newest())), REMAKE
