"""`countersign demo`: a whole launch played through the public API, at second scale."""

import locale
import os
from typing import Annotated, Literal

import typer

from cli.options import DataDir


def demo(
    data_dir: DataDir = None,
    *,
    url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Play on this installation, whose data directory is here."
        ),
    ] = None,
    lang: Annotated[
        Literal["zh", "en"] | None, typer.Option(help="Language; else the locale's.")
    ] = None,
    part: Annotated[
        Literal["1", "2", "all"],
        typer.Option(help="1: a launch that succeeds; 2: one that fails, and its review."),
    ] = "all",
    pace: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0, max=1, help="Between two acts, for reading along."),
    ] = None,
) -> None:
    """Play two launches and print the chain as it moves: one succeeds, one fails and is reviewed.
    Exit code 1 if anything is not right.
    """
    from cli.demo.playing import PACE, Manner, play_alone, play_on  # noqa: PLC0415 - loads all

    parts = ("1", "2") if part == "all" else (part,)
    manner = Manner(lang or language_of_locale(), PACE if pace is None else pace, parts)
    if url is None:
        play_alone(manner)
    else:
        play_on(url, data_dir, manner)


def language_of_locale() -> Literal["zh", "en"]:
    """Chinese where the messages of this terminal are."""
    asked = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next((value for value in asked if value), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith("zh") else "en"
