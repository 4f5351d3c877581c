"""What the demo shows and what it holds true: events as they happen, the chain as it moves.

Everything shown comes from the API. An expectation that does not come true ends the demo.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.rule import Rule
from rich.text import Text

from api.moments import Moments, read_instant
from api.telling import Teller
from cli.demo.cast import READER, WHY_REFUSED, Cast
from cli.failure import Failed
from cli.remote.api import Document
from cli.remote.following import listed
from cli.remote.refusal import Refused
from cli.remote.signing import check_digest
from cli.show.console import said
from cli.show.happenings import hanging, sentence
from cli.show.launch import LaunchPicture
from domain.words.names import Names

LOOK_SECONDS: Final = 0.1


class NotAsExpected(Failed):
    """The demo saw something else than the product promises."""


@dataclass
class Stage:
    """One launch being played. `pace` is the seconds between two acts."""

    cast: Cast
    terminal: Console
    pace: float
    launch: Document = field(default_factory=dict)
    events: list[Document] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    moments: Moments = field(default_factory=Moments)
    live: Live | None = None
    hint: str = ""

    def open(self, launch: Document) -> None:
        """From here on this launch is followed and drawn."""
        self.launch = launch
        self.names = Names.of(self.cast[READER].get("/organisation"), self.cast.lang)
        first = self.cast[READER].get(f"/launches/{launch['id']}/events", limit=1)["items"][0]
        self.moments = Moments.of(first["data"].get("calendar"), self.cast.lang)
        self.look()
        if self.terminal.is_terminal:
            self.live = Live(self, console=self.terminal, refresh_per_second=4)
            self.live.start()

    def close(self) -> None:
        """Leaves the last picture standing."""
        self.hint = ""
        if self.live is not None:
            self.live.refresh()
            self.live.stop()
            self.live = None

    def __rich__(self) -> RenderableType:
        hint = Text(f"  {self.hint}", "dim") if self.hint else Text()
        return Group(Text(), self.picture().brief(self.launch), hint)

    def picture(self) -> LaunchPicture:
        return LaunchPicture(self.names, self.moments, self.terminal.width)

    def scene(self, key: str) -> None:
        """A heading; where nothing is redrawn, with the chain as it stood before it."""
        if self.launch and not self.terminal.is_terminal:
            self.terminal.print(self.picture().brief(self.launch))
        self.heading(key)

    def heading(self, key: str) -> None:
        self.terminal.print()
        self.terminal.print(Rule(Text(self.cast.line(key), "bold"), align="left", style="dim"))

    def remark(self, key: str, **figures: object) -> None:
        self.terminal.print(Text(self.cast.line(key).format_map(figures), "green"))

    def wait(self, key: str, is_so: Callable[[Document], bool], within: float) -> None:
        """Waits for the clock, saying on what. Raises `NotAsExpected` after `within` seconds."""
        self.hint = self.cast.line(key)
        if self.live is None:
            self.terminal.print(hanging(Text(), Text(f"⧗ {self.hint}", "dim")))
        self._until(is_so, within)
        self.hint = ""

    def act(self, person: str, act: str, *, step: str | None = None, **body: Any) -> Document:  # noqa: ANN401
        """An act that must take effect, and what follows from it at once."""
        time.sleep(self.pace)
        self.launch = self.cast[person].post(self._path(act, step), body)
        self.look()
        return self.launch

    def sign(self, person: str, step: str) -> None:
        """Signs the terms as they stand, by the digest computed from them."""
        self.look()
        self.act(person, "sign", step=step, terms_digest=check_digest(self.launch, self.step(step)))

    def refuse_signature(self, person: str, step: str, code: str) -> None:
        """Somebody tries to sign and must be refused with this code."""
        time.sleep(self.pace)
        body = {"terms_digest": self.step(step)["terms"]["digest"]}
        try:
            self.cast[person].post(self._path("sign", step), body)
        except Refused as refusal:
            self.expect(refusal.code == code, f"a refusal with {code}, not with {refusal.code}")
            self.terminal.print(self._refusal(refusal, person, step))
            return
        raise NotAsExpected(f"{person} could sign for {step}; expected was a refusal with {code}.")

    def look(self) -> None:
        """Tells what has happened since the last look, and reads the launch if anything has."""
        reader, launch = self.cast[READER], self.launch["id"]
        seen = self.events[-1]["seq"] if self.events else 0
        for event in listed(reader, launch, seen):
            self.events.append(event)
            self.terminal.print(self._line(event))
        if self.events and self.events[-1]["seq"] > seen:
            self.launch = reader.get(f"/launches/{launch}")

    def _until(self, is_so: Callable[[Document], bool], within: float) -> None:
        give_up = time.monotonic() + within
        self.look()
        while not is_so(self.launch):
            if time.monotonic() > give_up:
                raise NotAsExpected(
                    f"Still {self.hint} after {within:g} s. The launch is {self.launch['phase']}, "
                    f"its steps are {[step['state'] for step in self.launch['steps']]}."
                )
            time.sleep(LOOK_SECONDS)
            self.look()
        self.look()  # What happened between the events and the launch.

    def expect(self, is_so: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not is_so:
            raise NotAsExpected(f"Expected: {what}.")

    def expect_states(self, **states: str) -> None:
        """The states of these steps, as the API shows them now."""
        found = {key: self.step(key)["state"] for key in states}
        self.expect(found == states, f"{states}, found {found}")

    def step(self, key: str) -> Document:
        return next(step for step in self.launch["steps"] if step["key"] == key)

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def _path(self, act: str, step: str | None) -> str:
        middle = f"/steps/{quote(step, safe='')}" if step is not None else ""
        return f"/launches/{self.launch['id']}{middle}/{act}"

    def _refusal(self, refusal: Refused, person: str, step: str) -> RenderableType:
        """The API's sentence, or in Chinese what its code stands for."""
        why = refusal.problem["detail"]
        if self.cast.lang == "zh":
            why = WHY_REFUSED.get(refusal.code, why)
        template = self.cast.line("refused")
        who, what = self.names.person(person), self.names.module(step)
        return hanging(Text(), said(f"✗ {template.format(who=who, step=what, why=why)}", "red"))

    def _line(self, event: Document) -> RenderableType:
        """`  3.4 s  ✓ lead.product signs for product`, counted from the start of the launch."""
        since: datetime = read_instant(self.events[0]["at"])
        seconds = (read_instant(event["at"]) - since).total_seconds()
        told = sentence(Teller(self.names, self.moments), event)
        return hanging(Text(f"{seconds:.1f}", "dim"), told)
