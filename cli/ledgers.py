"""`countersign ledger …`: is the record whole, and the read model made from it anew."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from cli.options import AsJson, DataDir

if TYPE_CHECKING:
    from db.session import Database

app = typer.Typer(no_args_is_help=True, help="The ledger: checked, and read again.")

OneLaunch: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="One launch, by id or code; else all.")
]


@app.command()
def verify(launch: OneLaunch = None, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Check hash chains, signatures and read model. Exit code 1 if anything is damaged."""
    from cli import inspection  # noqa: PLC0415 - loads the database

    async def work(database: "Database") -> dict[str, Any]:
        return await inspection.verify(database, launch)

    _finish(_on(data_dir, work), inspection.words_of_verification, as_json=as_json)


@app.command()
def rebuild(launch: OneLaunch = None, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Make the read model from the ledger again; damaged launches are left as they are."""
    from cli import inspection  # noqa: PLC0415 - loads the database

    async def work(database: "Database") -> dict[str, Any]:
        return await inspection.rebuild(database, launch)

    _finish(_on(data_dir, work), inspection.words_of_rebuild, as_json=as_json)


def _on(data_dir: Any, work: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    from cli.database import on_database  # noqa: PLC0415 - loads the database

    found: dict[str, Any] = on_database(data_dir, work)
    return found


def _finish(found: dict[str, Any], words: Any, *, as_json: bool) -> None:  # noqa: ANN401
    from cli.show import console  # noqa: PLC0415 - loads rich

    if as_json:
        console.print_json(found)
    else:
        console.out().print(words(found))
    if found["problems"]:
        raise typer.Exit(1)
