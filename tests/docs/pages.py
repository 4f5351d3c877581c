"""Reads the README and the pages under docs/ the way a person does who copies their commands."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHELLS = frozenset({"bash", "console", "sh", "shell"})

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)\s*$")
SKIP = re.compile(r"^\s*<!-- skip: (?P<reason>.+?) -->\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block with shell commands; `line` is the first after the fence."""

    page: str
    line: int
    commands: tuple[str, ...]
    skip: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks() -> list[Block]:
    return [block for page in pages() for block in blocks_of(page)]


def blocks_of(page: Path) -> Iterator[Block]:
    """The shell blocks of one page. `<!-- skip: reason -->` on the line before a fence marks one
    whose commands are not run; there its reason has to stand.
    """
    shown = page.relative_to(ROOT).as_posix() if page.is_relative_to(ROOT) else page.name
    lines = page.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if fence is None:
            number += 1
            continue
        body = number + 1
        end = next(at for at in range(body, len(lines)) if lines[at].strip() == "```")
        if fence["language"] in SHELLS:
            skip = SKIP.match(lines[number - 1]) if number else None
            commands = tuple(_commands(fence["language"], lines[body:end]))
            yield Block(shown, body + 1, commands, skip["reason"] if skip else None)
        number = end + 1


def _commands(language: str, lines: list[str]) -> Iterator[str]:
    """Joins continued lines; in a console block only what follows the prompt is a command."""
    text = ""
    for line in lines:
        stripped = line.strip()
        if not text:
            if language == "console":
                if not stripped.startswith("$ "):
                    continue
                stripped = stripped.removeprefix("$ ")
            if not stripped or stripped.startswith("#"):
                continue
        text += stripped
        if text.endswith("\\"):
            text = text.removesuffix("\\").rstrip() + " "
            continue
        yield text
        text = ""


def words(command: str) -> list[str]:
    return shlex.split(command, comments=True)


def mentioned(program: str) -> dict[str, str]:
    """What the pages say in running text and tables: `program …` in backquotes, with its place.
    Only the leading lower-case words count; capitals stand for arguments.
    """
    inline = re.compile(rf"`{program} (?P<words>[a-z][a-z-]*(?: [a-z][a-z-]*)*)")
    found: dict[str, str] = {}
    for page in pages():
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
            for match in inline.finditer(line):
                found.setdefault(match["words"], f"{page.relative_to(ROOT)}:{number}")
    return found
