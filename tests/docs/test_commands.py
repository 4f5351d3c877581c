"""Every command in the README and under docs/ works as it is written there.

A page's blocks run one after the other in one shell, so that a later block may use what an
earlier one exported. Not run but checked otherwise: `make` (it would run these tests again: the
target has to exist), and the commands that serve until they are stopped (their options have to
exist; `countersign up` itself is what the others run against).
"""

import re
import shutil
import subprocess
from itertools import groupby
from pathlib import Path

import pytest

from tests.docs.conftest import BIN, Installation, environment
from tests.docs.pages import ROOT, Block, blocks, blocks_of, mentioned, words

SERVING = frozenset({"up", "serve", "worker"})


def commands() -> list[tuple[Block, str]]:
    return [(block, command) for block in blocks() for command in block.commands]


def is_make(command: str) -> bool:
    return words(command)[0] == "make"


def is_serving(command: str) -> bool:
    program, *arguments = words(command)
    return program == "countersign" and arguments[0] in SERVING


def runnable(block: Block) -> list[str]:
    if block.skip:
        return []
    return [text for text in block.commands if not is_make(text) and not is_serving(text)]


def dry_run(target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--dry-run", *words(target)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def countersign_help(*subcommand: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "countersign", *subcommand, "--help"],
        env=environment(COLUMNS="200"),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_quick_start_is_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    start = text[: text.index("## Quick start")].count("\n")
    end = text[: text.index("\n## ", text.index("## Quick start") + 1)].count("\n")
    quick = [block for block in blocks_of(ROOT / "README.md") if start < block.line <= end]
    assert [block.commands for block in quick] == [("make up",), ("make test",)]


@pytest.mark.parametrize(
    ("block", "command"),
    [(block, command) for block, command in commands() if is_make(command)],
    ids=str,
)
def test_a_make_command_names_a_target(block: Block, command: str) -> None:
    result = dry_run(command.removeprefix("make"))
    assert result.returncode == 0, f"{block}: {result.stderr}"


@pytest.mark.parametrize(
    ("block", "command"),
    [(block, command) for block, command in commands() if is_serving(command)],
    ids=str,
)
def test_a_serving_command_knows_its_options(block: Block, command: str) -> None:
    _, subcommand, *arguments = words(command)
    shown = countersign_help(subcommand).stdout
    unknown = [word for word in arguments if word.startswith("--") and word not in shown]
    assert unknown == [], f"{block}: {command}"


@pytest.mark.parametrize("targets", mentioned("make"))
def test_a_mentioned_make_target_exists(targets: str) -> None:
    assert dry_run(targets).returncode == 0, mentioned("make")[targets]


@pytest.mark.parametrize("subcommand", mentioned("countersign"))
def test_a_mentioned_command_exists(subcommand: str) -> None:
    result = countersign_help(*subcommand.split())
    assert result.returncode == 0, f"{mentioned('countersign')[subcommand]}: {result.stderr}"


PAGES = [
    (page, [(block, command) for block in group for command in runnable(block)])
    for page, group in groupby(blocks(), key=lambda block: block.page)
]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("page", "script"), [pytest.param(page, script, id=page) for page, script in PAGES if script]
)
def test_the_commands_of_a_page_run(
    page: str, script: list[tuple[Block, str]], installation: Installation, tmp_path: Path
) -> None:
    if (ROOT / "examples").is_dir():  # the pages name their input as it lies in the project
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
    text = "\n".join(f": {block}\n{command}" for block, command in script)
    result = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", text],
        cwd=tmp_path,
        env=installation.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=580,
    )
    assert result.returncode == 0, f"{page}:\n{result.stdout}"


def test_a_page_is_read_as_a_person_reads_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```bash\n# a remark\none --long \\\n  two\n\nthree\n```\n"
        "```console\n$ four\nwhat four prints\n```\n"
        "<!-- skip: needs another machine -->\n```sh\nfive\n```\n"
        "```yaml\nsix: 6\n```\n",
        encoding="utf-8",
    )
    assert list(blocks_of(page)) == [
        Block("page.md", 2, ("one --long two", "three"), None),
        Block("page.md", 9, ("four",), None),
        Block("page.md", 14, ("five",), "needs another machine"),
    ]


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"^  make ([a-z-]+)", listed, flags=re.MULTILINE) == sorted(
        phony[1].split(), key=lambda target: makefile.index(f"\n{target}:")
    )
