"""A refusal of the API, said so that the person at the terminal knows what to do about it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cli.failure import Failed

Problem = Mapping[str, Any]

ADVICE: Final[Mapping[str, str]] = {
    "unauthenticated": "Make a token with `countersign token create PERSON` and put it into "
    "COUNTERSIGN_TOKEN.",
    "terms_changed": "Run the command again: it shows the terms as they are now.",
}


class Refused(Failed):
    """The API said no; `problem` is its document (RFC 9457)."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__("\n".join(_lines(problem)))

    @property
    def code(self) -> str:
        return str(self.problem.get("code", ""))


def _lines(problem: Problem) -> Iterator[str]:
    """The sentence, then what it does not say itself: fields, figures, what to do."""
    detail = clean(problem.get("detail") or problem.get("title") or "The API refused this.")
    yield detail
    for error in problem.get("errors") or ():
        line = f"{clean(error.get('field'))}: {clean(error.get('message'))}"
        if line.rstrip(".") not in detail:
            yield f"  {line}"
    for name, value in (problem.get("figures") or {}).items():
        if (figure := clean(_figure(value))) not in detail:
            yield f"  {clean(name)}: {figure}"
    if advice := ADVICE.get(str(problem.get("code"))):
        yield advice


def _figure(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def clean(value: object) -> str:
    """On one line and without anything a terminal would act on."""
    text = " ".join(str(value).split())
    return "".join(character for character in text if character.isprintable())
