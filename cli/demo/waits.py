"""Who waited for whom, how long: the pauses between the events of a launch, by interface."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cli.show.moments import length_of, read_instant
from cli.show.names import Names
from cli.show.words import to_do

Event = Mapping[str, Any]
Key = tuple[str, str, str]
"""Who waits, for whom, for what."""

ANSWERS: Final = {"CommitmentSigned", "CommitmentDeclined", "CommitmentLapsed", "CommitmentDeemed"}
BAR: Final = 24


@dataclass(frozen=True, slots=True)
class Wait:
    """One interface: `waiter` waited `seconds` in all, `times` times, for `party` to act."""

    waiter: str
    party: str
    wanted: str
    seconds: float
    times: int


def waits_of(launch: Mapping[str, Any], events: Iterable[Event]) -> tuple[Wait, ...]:
    """The longest first. What was asked and is not answered yet is no finished wait."""
    waits: dict[Key, list[float]] = defaultdict(list)
    running: dict[str, tuple[Key, float]] = {}
    steps = {step["key"]: step for step in launch["steps"]}
    for event in events:
        at = read_instant(event["at"]).timestamp()
        subject = event["step"] or ""
        if _ends(event["type"]) and subject in running:
            key, since = running.pop(subject)
            waits[key].append(at - since)
        if begun := _begun(event["type"], steps.get(subject)):
            running[subject] = (begun, at)
    found = (Wait(*key, sum(spans), len(spans)) for key, spans in waits.items())
    return tuple(sorted(found, key=lambda wait: -wait.seconds))


def draw_waits(waits: Iterable[Wait], names: Names) -> RenderableType:
    rows = list(waits)
    longest = max((wait.seconds for wait in rows), default=0) or 1
    table = Table.grid(padding=(0, 2))
    for wait in rows:
        who = f"{names.module(wait.waiter)} → {names.module(wait.party)}"
        bar = "━" * max(1, round(BAR * wait.seconds / longest))
        times = f"×{wait.times}" if wait.times > 1 else ""
        table.add_row(
            Text(who, "bold"),
            Text(to_do(wait.wanted, names.lang)),
            Text(length_of(wait.seconds, names.lang), "cyan"),
            Text(times, "dim"),
            Text(bar, "cyan"),
        )
    return table


def _ends(kind: str) -> bool:
    return kind in ANSWERS or kind in {
        "AttemptRenewed",
        "DeliveryAccepted",
        "DeliveryRejected",
        "LaunchResumed",
    }


def _begun(kind: str, step: Mapping[str, Any] | None) -> Key | None:
    """The wait that this event begins."""
    if kind == "LaunchStopped":
        return ("frontline", "sponsor", "resume")
    if step is None:
        return None
    module, upstream = step["module"], (step["after"] or ["planner"])[-1]
    match kind:
        case "CommitmentRequested":
            return (upstream, module, "sign")
        case "CommitmentDeclined" | "CommitmentLapsed":
            return (module, "planner", "repair")
        case "DeliveryReported":
            return (module, step["customer"], "accept")
        case _:
            return None
