"""Escalations: raised by hand, listed, taken up, settled."""

from typing import Annotated, Any, TypeAlias
from urllib.parse import quote

import typer

from cli.desk import PATIENCE, LaunchId, Patience, Reason, at_desk
from cli.options import AsJson
from cli.steps import Moment, Note, Words

app = typer.Typer(no_args_is_help=True, help="Open questions put to more authority.")

EscalationId: TypeAlias = Annotated[
    str, typer.Argument(metavar="ID", help="The escalation, by its id.")
]


Window: TypeAlias = Annotated[
    tuple[str, str] | None,
    typer.Option(metavar="START END", help="The later window: two dates or instants."),
]


def escalate(
    launch: LaunchId,
    step: Annotated[
        str | None, typer.Argument(metavar="[STEP]", help="The step it is about.")
    ] = None,
    *,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Put an open question to the sponsor."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        path = f"/launches/{desk.launch(launch)['id']}/escalations"
        body = {"reason": reason} if step is None else {"reason": reason, "step": step}
        desk.show_escalation(desk.api.post(path, body))


@app.command("list")
def list_escalations(
    *,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help="open, acknowledged or resolved.")
    ] = None,
    launch: Annotated[str | None, typer.Option(metavar="ID", help="Of one launch.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="So many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List escalations by when they were raised."""
    with at_desk(as_json=as_json) as desk:
        known = desk.launch(launch)["id"] if launch is not None else None
        desk.show_escalations(desk.api.get("/escalations", state=state, launch=known, limit=limit))


@app.command()
def show(escalation: EscalationId, *, as_json: AsJson = False) -> None:
    """Show an escalation with its thread."""
    with at_desk(as_json=as_json) as desk:
        desk.show_escalation(desk.api.get(f"/escalations/{quote(escalation, safe='')}"))


@app.command()
def acknowledge(
    escalation: EscalationId,
    *,
    note: Note = None,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Take an escalation up."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        path = f"/escalations/{quote(escalation, safe='')}/acknowledge"
        desk.show_escalation(desk.api.post(path, {} if note is None else {"note": note}))


@app.command()
def comment(
    escalation: EscalationId,
    text: Words,
    *,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Say something in an escalation's own thread."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        path = f"/escalations/{quote(escalation, safe='')}/comment"
        desk.show_escalation(desk.api.post(path, {"text": text}))


@app.command()
def resolve(
    escalation: EscalationId,
    resolution: Annotated[
        str,
        typer.Argument(metavar="HOW", help="extend, reassign, waive, postpone, cancel or dismiss."),
    ],
    *,
    reason: Reason,
    answer_by: Moment = None,
    to: Annotated[str | None, typer.Option(metavar="PERSON", help="Who performs now.")] = None,
    window: Window = None,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Settle an escalation: extend needs --answer-by, reassign --to, postpone --window."""
    body: dict[str, Any] = {"resolution": resolution, "reason": reason, "answer_by": answer_by}
    body |= {"to": to, "window": window and dict(zip(("start", "end"), window, strict=True))}
    path = f"/escalations/{quote(escalation, safe='')}/resolve"
    with at_desk(as_json=as_json, wait=wait) as desk:
        given = {name: value for name, value in body.items() if value is not None}
        desk.show_escalation(desk.api.post(path, given))
