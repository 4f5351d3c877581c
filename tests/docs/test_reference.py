"""What the pages say of settings and commands is all there is, and the other way round."""

from collections.abc import Iterator
from typing import get_args

from typer.core import TyperGroup
from typer.main import get_command

from cli.app import app
from domain.insights.ocel.vocabulary import OBJECT_TYPES, Qualifier
from runtime.settings import variables
from tests.docs.pages import ROOT


def test_the_table_of_settings_is_the_settings() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8").splitlines()
    rows = [
        f"| `{v.name}` | {f'`{v.default}`' if v.default else ''} | {v.meaning} |"
        for v in variables()
    ]
    assert [line for line in page if line.startswith("| `")] == rows


def names(group: TyperGroup, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command with the words it is called by."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from names(command, (*before, name))
        else:
            yield " ".join((*before, name))


def test_every_command_stands_in_the_readme() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in names(group) if f"`countersign {name}" not in readme]
    assert missing == []


def test_the_page_of_the_event_log_names_what_is_in_it() -> None:
    page = (ROOT / "docs" / "event-log.md").read_text(encoding="utf-8").splitlines()
    rows = {line.split("`")[1]: line for line in page if line.startswith("| `")}
    for name, attributes in OBJECT_TYPES.items():
        assert [known for known in attributes if f"`{known}`" not in rows[name]] == []
    listed = " ".join(line for line in page if line.startswith("| `"))
    assert [known for known in get_args(Qualifier) if f"`{known}`" not in listed] == []
