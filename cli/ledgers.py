"""`countersign ledger …`: is the record whole, its evidence, and the read model made anew."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from cli.options import AsJson, DataDir, existing_file

if TYPE_CHECKING:
    from db.session import Database

app = typer.Typer(no_args_is_help=True, help="The ledger: checked, and read again.")

Out: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", dir_okay=False, help="Into this file; else stdout."),
]
OneLaunch: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="One launch, by id or code; else all.")
]


@app.command()
def verify(
    launch: OneLaunch = None,
    data_dir: DataDir = None,
    *,
    file: Annotated[Path | None, existing_file("EXPORT", "An export, offline.")] = None,
    keys: Annotated[
        Path | None,
        existing_file("FILE", "Public keys for --file, as GET /api/v1/keys gives them."),
    ] = None,
    heads: Annotated[
        Path | None,
        existing_file("FILE", "Heads stated earlier: all that they know must still be there."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check hash chains, signatures and read model. Exit code 1 if anything is damaged."""
    from cli import evidence, inspection  # noqa: PLC0415 - loads the database

    if file is None and keys is not None:
        raise typer.BadParameter("goes with --file only", param_hint="--keys")
    if file is not None:
        if launch is not None or data_dir is not None:
            raise typer.BadParameter(
                "is checked as a whole, without an installation", param_hint="--file"
            )
        found = evidence.verify_file(file, keys, heads)
        _finish(found, evidence.words_of_file, as_json=as_json)
        return

    async def work(database: "Database") -> dict[str, Any]:
        return await inspection.verify(database, launch, evidence.document_of(heads))

    _finish(_on(data_dir, work), inspection.words_of_verification, as_json=as_json)


@app.command()
def export(launch: OneLaunch = None, data_dir: DataDir = None, *, out: Out = None) -> None:
    """Write the ledger as a file that proves itself, with the public keys and the signed heads."""
    from cli import evidence  # noqa: PLC0415 - loads the database

    evidence.export(launch, data_dir, out)


@app.command()
def heads(data_dir: DataDir = None, *, out: Out = None) -> None:
    """State where each chain ends, signed. Kept elsewhere, it betrays a tail that is cut off."""
    from cli import evidence  # noqa: PLC0415 - loads the database

    evidence.state_heads(data_dir, out)


@app.command("keys")
def published_keys(*, out: Out = None) -> None:
    """Print the public keys that signatures are checked with, as the API gives them."""
    from cli.desk import at_desk  # noqa: PLC0415 - loads the HTTP client
    from cli.evidence import save_json  # noqa: PLC0415 - loads the database

    with at_desk(as_json=True) as desk:
        save_json(desk.api.get("/keys"), out)


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
