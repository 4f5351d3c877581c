"""Who is taken to do what is owed, where nobody was seen to do it."""

from domain import acts
from domain.clocks import STEP_CLOCKS, Deadline, StepClockKind
from domain.launch import Launch
from domain.waiting import WANTED, Waiting, waiting_on

EVIDENCE = "as promised"


def on_time(launch: Launch, deadline: Deadline, command: str) -> acts.Command | None:
    """What keeps a step's clock from passing; None for clocks nobody owes an act to."""
    kinds = (kind for kind in STEP_CLOCKS if deadline.step and kind == deadline.clock)
    kind = next(kinds, None)
    act = None if kind is None else _owed(launch, deadline.step, kind)
    actor = None if kind is None else somebody(launch, deadline.step, kind)
    return None if act is None or actor is None else acts.Command(act, command, actor)


def _owed(launch: Launch, step: str, clock: StepClockKind) -> acts.PersonAct | None:
    match clock:
        case "answer":
            return acts.Sign(step, launch.step(step).digest)
        case "counter":
            return acts.AcceptCounter(step, launch.step(step).digest)
        case "delivery":
            return acts.Report(step, EVIDENCE)
        case "acceptance":
            return acts.Accept(step)
        case "reply" | "condition" | "release" | "repair":
            return None


def somebody(launch: Launch, step: str, clock: StepClockKind) -> acts.Actor | None:
    """The first who is waited on by a step's clock, and may do it, with the posts at the start."""
    waiting = (w for w in waiting_on(launch) if (w.step, w.wanted) == (step, WANTED[clock]))
    person = next((person for item in waiting for person in _able(launch, item)), None)
    if person is None:
        return None
    held = tuple(post.key for post in launch.staff if person in post.people)
    return acts.Actor(person, "", held)


def _able(launch: Launch, item: Waiting) -> tuple[str, ...]:
    named = () if item.person is None else (item.person,)
    holders = (person for post in item.posts for person in launch.holders(post))
    return tuple(person for person in (*named, *holders) if person not in item.without)
