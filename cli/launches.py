"""`countersign launch …`: plans checked and started, launches looked at, stopped, resumed."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from cli.desk import PATIENCE, LaunchId, Patience, Reason, at_desk
from cli.options import AsJson
from cli.plans import ChangeFile, PlanFile, read_plan
from cli.steps import StandIn, Until
from domain.plan import PlanKind

if TYPE_CHECKING:
    from cli.remote.desk import Desk

app = typer.Typer(no_args_is_help=True, help="Plans and launches.")

Phase: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="PHASE", help="committing, preparing, live, closing or closed."),
]


@app.command()
def check(file: PlanFile, *, as_json: AsJson = False) -> None:
    """Say what a plan would meet if it were started now. Starts nothing."""
    with at_desk(as_json=as_json) as desk:
        desk.show_check(desk.api.post("/launches/check", read_plan(file)))


@app.command()
def start(file: PlanFile, *, wait: Patience = PATIENCE, as_json: AsJson = False) -> None:
    """Start a launch from a plan, as its planner."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.show_launch(desk.api.post("/launches", read_plan(file)), whole=True)


@app.command("list")
def list_launches(
    *,
    phase: Phase = None,
    department: Annotated[str | None, typer.Option(metavar="NAME", help="Who runs it.")] = None,
    module: Annotated[str | None, typer.Option(metavar="KEY", help="With a step of it.")] = None,
    kind: Annotated[
        PlanKind | None, typer.Option("--kind", help="Campaigns; or actions that reviews ask for.")
    ] = None,
    q: Annotated[str | None, typer.Option("-q", metavar="TEXT", help="In code or title.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="So many.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """List launches, newest first."""
    filters = {"phase": phase, "department": department, "module": module, "kind": kind, "q": q}
    with at_desk(as_json=as_json) as desk:
        page = _all(desk, filters) if everything else _page(desk, filters, limit)
        desk.show_launches(page)


@app.command()
def status(
    launch: LaunchId,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Redraw until the launch closes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show where a launch stands."""
    with at_desk(as_json=as_json) as desk:
        if watch:
            desk.watch(desk.launch(launch))
        else:
            desk.show_launch(desk.launch(launch), whole=True)


@app.command()
def events(
    launch: LaunchId,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until it closes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what happened, event by event; as JSON one object a line."""
    with at_desk(as_json=as_json) as desk:
        known = desk.launch(launch)
        desk.tell(known, follow_on=follow)


@app.command()
def amend(
    launch: LaunchId,
    file: ChangeFile,
    *,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Change the plan of a launch, as its planner; only what rests on that is asked for anew."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "amend", {"plan": read_plan(file), "reason": reason})


@app.command()
def delegate(
    launch: LaunchId,
    person: StandIn,
    *,
    until: Until,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """Let somebody stand in for you as the planner of a launch, until then."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "delegate", {"to": person, "until": until, "reason": reason})


@app.command()
def stop(
    launch: LaunchId, *, reason: Reason, wait: Patience = PATIENCE, as_json: AsJson = False
) -> None:
    """Halt a launch: every clock but the stop's own stands still."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "stop", {"reason": reason})


@app.command()
def resume(
    launch: LaunchId, *, reason: Reason, wait: Patience = PATIENCE, as_json: AsJson = False
) -> None:
    """Let a stopped launch go on, as sponsor or executive."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "resume", {"reason": reason})


@app.command()
def cancel(
    launch: LaunchId,
    step: Annotated[
        str | None, typer.Argument(metavar="[STEP]", help="Only this promise, as the planner.")
    ] = None,
    *,
    reason: Reason,
    wait: Patience = PATIENCE,
    as_json: AsJson = False,
) -> None:
    """End a launch without going on, as its planner or sponsor; or one promise of it."""
    with at_desk(as_json=as_json, wait=wait) as desk:
        desk.act(launch, "cancel", {"reason": reason}, step=step)


def _page(desk: "Desk", filters: dict[str, str | None], limit: int) -> dict[str, Any]:
    return desk.api.get("/launches", **filters, limit=limit)


def _all(desk: "Desk", filters: dict[str, str | None]) -> dict[str, Any]:
    items = list(desk.api.pages("/launches", **filters, limit=100))
    return {"items": items, "next_cursor": None}


def templates(*, as_json: AsJson = False) -> None:
    """Show all versions of the chains that plans start from."""
    with at_desk(as_json=as_json) as desk:
        desk.templates()
