"""Writes docs/acts.md: what every act does in every situation, by whom, and how it is refused.

`python -m tests.unit.act_table docs/acts.md`. Nothing in it is written by hand: each cell is what
`decide` says of a launch that was brought there by acts.
"""

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from domain import acts
from domain.decide import decide
from domain.errors import REFUSALS, Refusal
from domain.evolve import evolve
from domain.launch import Launch
from tests.unit.play import Play
from tests.unit.situations import EVERYBODY, SITUATIONS, STEP, all_acts

NAMES = {
    "cancel-commitment": "cancel",
    "amend-plan": "launch amend",
    "delegate-planning": "launch delegate",
    "stop": "launch stop",
    "resume": "launch resume",
    "cancel": "launch cancel",
    "escalate": "escalation raise",
    "acknowledge-escalation": "escalation acknowledge",
    "comment-escalation": "escalation comment",
    "resolve-escalation": "escalation resolve",
}
"""Acts as clients name them, with what they are on where that is no step."""

HEAD = """# Every act in every situation

This page is made by `python -m tests.unit.act_table docs/acts.md`; a test holds it against the
rules. Each table is one situation of a commitment, reached by acts; its customer is another module,
and both the lead and the planner have somebody who stands in. *Leads to* is the state of the
commitment, or of the launch for an act on the launch. Whoever is not named under *by* is refused
with `not_yours`, or with `four_eyes` where that is said. Codes are those of the API, judged in the
order of the contract. *Everybody involved* is {involved}.
"""


def outcome(play: Play, act: acts.PersonAct, person: str) -> str:
    """The state after the act, or the code of its refusal. The launch stays as it was."""
    try:
        entries = decide(play.standing(), play.command(person, act), play.now)
    except Refusal as refusal:
        return refusal.code
    launch: Launch | None = play.standing()
    for entry in entries:
        launch = evolve(launch, entry)
    assert launch is not None
    if isinstance(act, acts.StepAct):
        return launch.step(STEP).state
    return "stopped" if launch.stop else launch.phase


def outcomes(play: Play) -> Iterator[tuple[str, Mapping[str, str]]]:
    """For each act, what becomes of it by each person."""
    for kind, act in all_acts(play).items():
        yield kind, {who: outcome(play, act, person) for who, person in EVERYBODY.items()}


def page() -> str:
    """The whole page."""
    plays = {name: make() for name, make in SITUATIONS.items()}
    head = HEAD.format(involved=", ".join(_involved(plays["requested"])))
    return "\n".join((head, *(_section(name, play) for name, play in plays.items())))


def _involved(play: Play) -> list[str]:
    """Who may raise an escalation."""
    act = all_acts(play)["escalate"]
    return [w for w, person in EVERYBODY.items() if outcome(play, act, person) not in REFUSALS]


def _section(name: str, play: Play) -> str:
    involved = _involved(play)
    rows = [
        (by, leads_to, eyes, NAMES.get(kind, kind))
        for kind, found in outcomes(play)
        for by, leads_to, eyes in _rows(found, involved)
    ]
    done = [row for row in rows if row[1] not in REFUSALS]
    refused = sorted((row for row in rows if row[1] in REFUSALS), key=lambda row: row[1])
    lines = [f"## {name[0].upper()}{name[1:]}", "", "| act | by | leads to | `four_eyes` |"]
    lines += ["|---|---|---|---|"]
    lines += [f"| `{kind}` | {by} | {to} | {eyes} |" for by, to, eyes, kind in done]
    if refused:
        lines += ["", "Refused, whoever may do them at another time:", ""]
        for code, group in groupby(refused, key=lambda row: row[1]):
            kinds = ", ".join(dict.fromkeys(f"`{kind}`" for *_, kind in group))
            lines.append(f"- `{code}`: {kinds}")
    return "\n".join((*lines, ""))


def _rows(found: Mapping[str, str], involved: list[str]) -> Iterator[tuple[str, str, str]]:
    """Who brings what about, of those whose act it is."""
    eyes = ", ".join(who for who, code in found.items() if code == "four_eyes")
    theirs = {who: what for who, what in found.items() if what not in ("not_yours", "four_eyes")}
    for what in dict.fromkeys(theirs.values()):
        people = [who for who, came in theirs.items() if came == what]
        yield "everybody involved" if people == involved else ", ".join(people), what, eyes


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
