"""The two streams of a command: results on stdout, everything said beside them on stderr.

Nothing that somebody wrote reaches the terminal as markup or as a control sequence.
"""

import json
import os
import sys
from typing import Any, Final, TextIO

from rich.console import Console
from rich.text import Text

WIDTH_OF_NO_TERMINAL: Final = 160
"""Columns of output that goes to a file or a pipe, where nothing needs to be cut."""


def out() -> Console:
    """Where results go."""
    return _console(sys.stdout)


def err() -> Console:
    """Where questions, progress and remarks go."""
    return _console(sys.stderr)


def print_json(document: object) -> None:
    """The document as indented JSON on stdout; the terminal's encoding cannot spoil it."""
    out().file.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_json_line(document: object) -> None:
    """The document as one line, written at once: for whoever reads along."""
    stream = out().file
    stream.write(json.dumps(document, ensure_ascii=False) + "\n")
    stream.flush()


def said(value: Any, style: str = "") -> Text:  # noqa: ANN401 - whatever a document holds
    """A text somebody wrote, on one line, as it may be shown: no markup, no control characters."""
    words = " ".join(str("" if value is None else value).split())
    return Text("".join(character for character in words if character.isprintable()), style)


def _console(stream: TextIO) -> Console:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    is_free = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        width=WIDTH_OF_NO_TERMINAL if is_free else None,
    )
