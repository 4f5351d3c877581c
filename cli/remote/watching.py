"""Watching a launch: the picture redrawn on a terminal, a line per event everywhere else."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from api.telling import Teller
from cli.remote.api import Api, Document
from cli.remote.following import follow, listed
from cli.show import console
from cli.show.happenings import hanging, sentence
from cli.show.launch import LaunchPicture
from runtime.lifetime import leave

SHOWN_EVENTS = 6


@contextmanager
def ending(terminal: Console) -> Iterator[None]:
    """Ctrl-C just ends it. Not by an exception, which would be lost where it came while an object
    was being finalised.
    """

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        terminal.show_cursor(show=True)
        leave()

    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass
class Watch:
    """What is on the screen now."""

    picture: LaunchPicture
    teller: Teller
    launch: Document
    latest: tuple[Document, ...] = ()

    def __rich__(self) -> RenderableType:
        lines = (event_line(event, self.teller) for event in self.latest)
        return Group(self.picture.glance(self.launch), Text(), *lines)

    def note(self, event: Document) -> None:
        self.latest = (*self.latest, event)[-SHOWN_EVENTS:]


def watch_on_terminal(api: Api, watch: Watch, terminal: Console) -> None:
    """Redraws after every event and once a second, because time passes; Ctrl-C just ends it."""
    launch = watch.launch["id"]
    for event in listed(api, launch):
        watch.note(event)
    if watch.launch["phase"] == "closed":
        terminal.print(watch)
        return
    last = watch.latest[-1]["seq"] if watch.latest else 0
    with ending(terminal), Live(watch, console=terminal, refresh_per_second=1) as live:
        for event in follow(api, launch, last):
            watch.note(event)
            if event["seq"] >= watch.launch["seq"]:
                watch.launch = api.get(f"/launches/{launch}")
            live.refresh()


def watch_in_lines(api: Api, watch: Watch, *, as_json: bool) -> None:
    """What has become of the launch after every event: as JSON the launch, else a sentence."""
    launch = watch.launch
    if as_json:
        console.print_json_line(launch)
    else:
        console.out().print(watch.picture.whole(launch))
    if launch["phase"] == "closed":
        return
    with ending(console.out()):
        for event in follow(api, launch["id"], launch["seq"]):
            if not as_json:
                console.out().print(event_line(event, watch.teller))
            elif event["seq"] > launch["seq"]:
                launch = api.get(f"/launches/{launch['id']}")
                console.print_json_line(launch)


def tell(events: Iterator[Document], teller: Teller, *, as_json: bool) -> None:
    """One line per event."""
    terminal = console.out()
    with ending(terminal):
        for event in events:
            if as_json:
                console.print_json_line(event)
            else:
                terminal.print(event_line(event, teller))
                terminal.file.flush()


def event_line(event: Document, teller: Teller) -> RenderableType:
    seq, at = Text(str(event["seq"]), "dim"), Text(teller.moments.clock(event["at"]), "dim")
    return hanging(seq, at, sentence(teller, event))
