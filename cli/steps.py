"""Acts on one commitment, as the token's person: talked about, signed, delivered, judged."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

import typer

from cli.desk import PATIENCE, LaunchId, Patience, Reason, StepKey, at_desk
from cli.options import AsJson
from domain.calendar import Duration, DurationError
from domain.canonical import rfc3339

Note: TypeAlias = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help="A remark everybody reads.")
]
Words: TypeAlias = Annotated[str, typer.Argument(metavar="TEXT", help="What you say.")]


def read_moment(text: str) -> str:
    """An instant of RFC 3339 as it stands, or `PT2H` as that long from now."""
    try:
        elapsed = Duration.parse(text).elapsed
    except DurationError:
        return text
    if elapsed is None:
        raise typer.BadParameter(
            "takes an instant (2026-12-01T10:00:00Z) or an elapsed time (PT2H)"
        )
    return rfc3339((datetime.now(UTC) + elapsed).replace(microsecond=0))


Moment: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="WHEN", parser=read_moment, help="An instant, or PT2H for two hours from now."
    ),
]


StandIn: TypeAlias = Annotated[
    str, typer.Argument(metavar="PERSON", help="Who is to act too, for you.")
]
Until: TypeAlias = Annotated[
    str, typer.Option(metavar="WHEN", parser=read_moment, help="An instant, or PT2H from now.")
]


def acknowledge(
    launch: LaunchId,
    step: StepKey,
    *,
    answer_by: Moment = None,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Say that the answer is coming; --answer-by moves the answer-by, once."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "acknowledge", {"answer_by": answer_by}, step=step)


def ask(
    launch: LaunchId,
    step: StepKey,
    text: Words,
    *,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Ask the planner about a step; the answer clock runs on."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "ask", {"text": text}, step=step)


def reply(
    launch: LaunchId,
    step: StepKey,
    text: Words,
    *,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Answer a question about a step, as the planner."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "reply", {"text": text}, step=step)


def sign(  # noqa: PLR0913 - one option for each part of a condition
    launch: LaunchId,
    step: StepKey,
    *,
    note: Note = None,
    if_step: Annotated[
        str | None,
        typer.Option("--if-step", metavar="STEP=STATE", help="Once that step is signed, accepted."),
    ] = None,
    if_fact: Annotated[
        str | None,
        typer.Option("--if-fact", metavar="TEXT", help="Once the planner confirms this fact."),
    ] = None,
    by: Moment = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Promise exactly the terms shown, for the module; --if-step or --if-fact with --by: if so."""
    condition = read_condition(if_step, if_fact, by)
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.sign(launch, step, note, condition, sure=yes)


def read_condition(step: str | None, fact: str | None, by: str | None) -> dict[str, Any] | None:
    """`--if-step channel=signed` or `--if-fact TEXT`, and until when."""
    if step is None and fact is None and by is None:
        return None
    if (step is None) == (fact is None) or by is None:
        raise typer.BadParameter("a condition is --if-step or --if-fact, with --by")
    if step is None:
        return {"fact": fact, "by": by}
    key, _, reaches = step.rpartition("=")
    if not key or reaches not in {"signed", "accepted"}:
        raise typer.BadParameter(
            f"“{step}” must look like channel=signed or channel=accepted", param_hint="--if-step"
        )
    return {"step": key, "reaches": reaches, "by": by}


def confirm(
    launch: LaunchId,
    step: StepKey,
    fact: Annotated[str, typer.Argument(metavar="FACT", help="The fact, word for word.")],
    *,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Say that the fact is so that a signature waits for, as the planner."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "confirm", {"fact": fact}, step=step)


def remind(
    launch: LaunchId, step: StepKey, *, wait: Patience = PATIENCE, as_json: AsJson = False
) -> None:
    """Remind whoever is waited on, as the planner; not more than once in an answer time."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "remind", {}, step=step)


def delegate(
    launch: LaunchId,
    step: StepKey,
    to: StandIn,
    *,
    until: Until,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Let somebody else answer for the module too until then, as its lead or head."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        body = {"to": to, "until": until, "reason": reason}
        desk.act(launch, "delegate", body, step=step)


def accept_counter(
    launch: LaunchId,
    step: StepKey,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Take exactly the terms shown that the performer offers, as the planner."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.accept_counter(launch, step, sure=yes)


def report(
    launch: LaunchId,
    step: StepKey,
    *,
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="TEXT", help="How one can see it.")
    ],
    link: Annotated[str | None, typer.Option(metavar="URL", help="Where one can see it.")] = None,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Report the delivery of what was promised."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "report", {"evidence": evidence, "link": link}, step=step)


def accept(
    launch: LaunchId,
    step: StepKey,
    *,
    note: Note = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(metavar="N=SCORE", help="Condition number N met with SCORE of 5; repeatable."),
    ] = None,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Accept a delivery, as its customer."""
    scores = dict(map(read_rating, rate or ()))
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.accept(launch, step, note, scores)


def read_rating(text: str) -> tuple[int, int]:
    """`2=5`: the second condition, five of five."""
    number, _, score = text.partition("=")
    if not (number.isdecimal() and score.isdecimal() and int(number) > 0):
        raise typer.BadParameter(f"“{text}” must look like 1=5", param_hint="--rate")
    return int(number), int(score)


def finding_waive(
    launch: LaunchId,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="The finding, by its id.")],
    *,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Let a finding pass: the sponsor opens it, a second person makes it so."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "finding-waive", {"finding": finding, "reason": reason})
