"""Before a signature: the terms as the API gives them must be those that their digest names."""

import sys

import typer
from rich.console import RenderableType

from cli.failure import Failed
from cli.remote.api import Document
from cli.show import console
from domain.canonical import digest


def check_digest(launch: Document, step: Document) -> str:
    """The digest, computed here again from what is about to be shown. Raises `Failed`."""
    terms = dict(step["terms"])
    claimed, version = terms.pop("digest"), terms.pop("version")
    computed = digest(
        {
            "launch": launch["id"],
            "step": step["key"],
            "attempt": step["attempt"],
            "version": version,
            "terms": terms,
        }
    )
    if computed != claimed:
        raise Failed(
            f"The terms shown have the digest {computed}, but the API calls them {claimed}. "
            "Sign nothing, and tell the administrator."
        )
    return computed


def confirm(drawing: RenderableType, question: str, *, sure: bool) -> None:
    """Shows what is about to be signed, and asks on a terminal unless the person is sure."""
    console.err().print(drawing)
    if not sure and sys.stdin.isatty() and not typer.confirm(question, err=True):
        raise Failed("Nothing was signed.")
