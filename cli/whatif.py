"""`countersign what-if`: a closed run played again with other answers."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.desk import LaunchId, at_desk
from cli.options import AsJson


def _of_steps(name: str, metavar: str, says: str) -> Any:  # noqa: ANN401 - typer's own
    return typer.Option(name, metavar=f"STEP={metavar}", help=says, show_default=False)


def what_if(
    launch: LaunchId,
    *,
    within: Annotated[
        list[str] | None,
        _of_steps("--within", "DURATION", "The step answers so long after it is asked: 1bd, PT4H."),
    ] = None,
    at: Annotated[
        list[str] | None, _of_steps("--at", "INSTANT", "The step answers at this instant.")
    ] = None,
    act: Annotated[
        list[str] | None,
        _of_steps("--act", "ACT", "The step answers with sign, decline or silence."),
    ] = None,
    signers: Annotated[
        list[str] | None, _of_steps("--signers", "N", "The step takes so many signatures.")
    ] = None,
    no_stop: Annotated[bool, typer.Option("--no-stop", help="Nobody stopped the launch.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a closed run again with other answers; everybody else takes as long as they took."""
    given = {"answer_within": within, "answer_at": at, "act": act, "signers": signers}
    changes = _changes({name: texts or () for name, texts in given.items()})
    with at_desk(as_json=as_json) as desk:
        desk.what_if(launch, [*changes, *([{"stop": False}] if no_stop else [])])


def _changes(given: dict[str, Sequence[str]]) -> list[dict[str, Any]]:
    """One change for each step that is named, with all that is said of it."""
    by_step: dict[str, dict[str, Any]] = {}
    for name, texts in given.items():
        for text in texts:
            step, equals, value = text.partition("=")
            if not (step and equals and value):
                message = f"“{text}” does not say STEP=…"
                raise typer.BadParameter(message)
            change = by_step.setdefault(step, {"step": step})
            change[name] = _whole(value) if name == "signers" else value
    return list(by_step.values())


def _whole(text: str) -> int:
    if not text.isdecimal():
        message = f"“{text}” is no number of signers."
        raise typer.BadParameter(message)
    return int(text)
