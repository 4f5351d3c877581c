"""Acts on one commitment, as the token's person: signed, declined, delivered, judged, waived."""

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


def sign(
    launch: LaunchId,
    step: StepKey,
    *,
    note: Note = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Promise exactly the terms shown, for the module."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.sign(launch, step, note, sure=yes)


def decline(
    launch: LaunchId,
    step: StepKey,
    *,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Say no before a promise, which is a good answer."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "decline", {"reason": reason}, step=step)


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


def reject(
    launch: LaunchId,
    step: StepKey,
    *,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Send a delivery back, as its customer; the promise stands."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "reject", {"reason": reason}, step=step)


def request(
    launch: LaunchId,
    step: StepKey,
    *,
    reason: Reason,
    deliverable: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Another deliverable.")
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Other conditions; repeatable.")
    ] = None,
    deliver_by: Moment = None,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Ask again after an unhappy end, as the planner, with the same terms or others."""
    terms: dict[str, Any] = {
        "deliverable": deliverable,
        "conditions": condition or None,
        "deliver_by": deliver_by,
    }
    changed = {name: value for name, value in terms.items() if value is not None}
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "request", {"reason": reason, "terms": changed or None}, step=step)


def waive(
    launch: LaunchId,
    step: StepKey,
    *,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Excuse a step: the sponsor opens it, a second person makes it so."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "waive", {"reason": reason}, step=step)


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
