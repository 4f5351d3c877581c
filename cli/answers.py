"""Acts on a commitment that take a reason or a note and nothing else, and acts that change its
terms. Whose act each is, the API says.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, TypeAlias

import typer

from cli.desk import PATIENCE, LaunchId, Patience, Reason, StepKey, at_desk
from cli.options import AsJson
from cli.plans import ChangedPlan, read_plan
from cli.steps import Moment, Note

Command: TypeAlias = Callable[..., None]
Deliverable: TypeAlias = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Another deliverable.")
]
Condition: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="TEXT", help="Other conditions; repeatable.")
]
Quantity: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="POOL=N", help="Other quantities, all of them; repeatable."),
]

REASONED: Final[Mapping[str, str]] = {
    "decline": "Say no before a promise, which is a good answer.",
    "withdraw": "Ask no more, as the planner.",
    "reject": "Send a delivery back, as its customer; the promise stands.",
    "request-release": "Ask the planner to give the promise back.",
    "revoke": "Take the promise back without consent; the sponsor hears at once.",
    "waive": "Excuse a step: the sponsor opens it, a second person makes it so.",
}
NOTED: Final[Mapping[str, str]] = {
    "withdraw-counter": "Take a counter-offer back; what was asked stands again.",
    "retract-report": "Take a report back; the promise stands.",
    "allow-release": "Give a promise back, as the planner.",
    "refuse-release": "Let a promise stand that its performer wants back, as the planner.",
}
CHANGING: Final[Mapping[str, str]] = {
    "counter": "Offer other terms, signed; the planner takes them or not.",
    "amend": "Ask for other terms, as the planner; nothing signed before counts for them.",
    "request": "Ask again after an unhappy end, as the planner, with the same terms or others.",
}


def commands() -> dict[str, Command]:
    """Every command of this module by its name."""
    return {
        **{act: _described(_reasoned(act), says) for act, says in REASONED.items()},
        **{act: _described(_noted(act), says) for act, says in NOTED.items()},
        **{act: _described(_changing(act), says) for act, says in CHANGING.items()},
    }


def _described(command: Command, says: str) -> Command:
    command.__doc__ = says
    return command


def _reasoned(act: str) -> Command:
    def command(
        launch: LaunchId,
        step: StepKey,
        *,
        reason: Reason,
        wait: Patience = PATIENCE,
        as_json: AsJson = False,
    ) -> None:
        with at_desk(as_json=as_json, wait=wait) as desk:
            desk.act(launch, act, {"reason": reason}, step=step)

    return command


def _noted(act: str) -> Command:
    def command(
        launch: LaunchId,
        step: StepKey,
        *,
        note: Note = None,
        wait: Patience = PATIENCE,
        as_json: AsJson = False,
    ) -> None:
        with at_desk(as_json=as_json, wait=wait) as desk:
            desk.act(launch, act, {"note": note}, step=step)

    return command


def _changing(act: str) -> Command:
    """`counter` besides takes changed fields of the plan."""

    def countering(  # noqa: PLR0913 - one option for each term
        launch: LaunchId,
        step: StepKey,
        *,
        reason: Reason,
        deliverable: Deliverable = None,
        condition: Condition = None,
        quantity: Quantity = None,
        deliver_by: Moment = None,
        plan: ChangedPlan = None,
        wait: Patience = PATIENCE,
        as_json: AsJson = False,
    ) -> None:
        changed = _terms(deliverable, condition, quantity, deliver_by)
        if plan is None and not changed:
            raise typer.BadParameter("say what should change, such as --deliver-by or --plan")
        body: dict[str, Any] = {"reason": reason, "terms": changed or None}
        if plan is not None:
            body["plan"] = read_plan(plan)
        with at_desk(as_json=as_json, wait=wait) as desk:
            desk.act(launch, act, body, step=step)

    def changing(  # noqa: PLR0913 - one option for each term
        launch: LaunchId,
        step: StepKey,
        *,
        reason: Reason,
        deliverable: Deliverable = None,
        condition: Condition = None,
        quantity: Quantity = None,
        deliver_by: Moment = None,
        wait: Patience = PATIENCE,
        as_json: AsJson = False,
    ) -> None:
        changed = _terms(deliverable, condition, quantity, deliver_by)
        if act == "amend" and not changed:
            raise typer.BadParameter("say what should change, such as --deliver-by")
        with at_desk(as_json=as_json, wait=wait) as desk:
            desk.act(launch, act, {"reason": reason, "terms": changed or None}, step=step)

    return countering if act == "counter" else changing


def _terms(
    deliverable: str | None,
    conditions: list[str] | None,
    quantities: list[str] | None,
    deliver_by: str | None,
) -> dict[str, Any]:
    """The terms that were named."""
    terms: dict[str, Any] = {
        "deliverable": deliverable,
        "conditions": conditions or None,
        "quantities": [read_quantity(text) for text in quantities] if quantities else None,
        "deliver_by": deliver_by,
    }
    return {name: value for name, value in terms.items() if value is not None}


def read_quantity(text: str) -> dict[str, Any]:
    """`gift-phone=300`: so many units of that pool."""
    pool, _, number = text.rpartition("=")
    if not (pool and number.isdecimal()):
        raise typer.BadParameter(f"“{text}” must look like gift-phone=300", param_hint="--quantity")
    return {"pool": pool, "quantity": int(number)}
