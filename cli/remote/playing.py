"""A run told again as a moving picture: the chain after each event, in the rhythm it had."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.remote.api import Document
from cli.remote.watching import ending
from cli.show.replay import ReplayPicture

WIDTH = 60
SHORTEST = 0.12
"""Seconds a picture stands at least, so that one sees what changed."""


def play(
    told: Document,
    launch: Document,
    picture: ReplayPicture,
    *,
    terminal: Console,
    seconds: float,
) -> None:
    """The whole run in about so many seconds; Ctrl-C just ends it. Where the output is no terminal,
    one picture follows the other.
    """
    frames = told["frames"]
    if not terminal.is_terminal:
        for frame in frames:
            terminal.print(picture.moment(told, launch, frame["seq"]), Text())
        return
    with ending(terminal), Live(console=terminal, auto_refresh=False) as live:
        for frame, pause in zip(frames, pauses(frames, seconds), strict=True):
            live.update(_picture(told, launch, picture, frame["seq"]), refresh=True)
            time.sleep(pause)


def pauses(frames: Sequence[Document], seconds: float) -> Iterator[float]:
    """How long each picture stands: its share of the run, and no shorter than can be seen."""
    at = [datetime.fromisoformat(frame["at"]) for frame in frames]
    length = (at[-1] - at[0]).total_seconds() or 1.0
    for before, after in pairwise(at):
        yield max(SHORTEST, seconds * (after - before).total_seconds() / length)
    yield SHORTEST


def _picture(told: Document, launch: Document, picture: ReplayPicture, seq: int) -> RenderableType:
    frames = told["frames"]
    line = Table.grid()
    line.add_row(ProgressBar(total=len(frames), completed=seq, width=min(WIDTH, picture.width)))
    return Group(line, picture.moment(told, launch, seq))
