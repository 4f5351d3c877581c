"""The organisation of an installation: imported, shown, its people, how they come in.

These commands work on the database of the data directory; whoever may read it may run them.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from cli.failure import Failed
from cli.options import AsJson, DataDir

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from db.session import Database
    from domain.organisation import Organisation

    Maker: TypeAlias = Callable[..., Awaitable[str]]

organisation = typer.Typer(no_args_is_help=True, help="The organisation: people, modules, rules.")
persons = typer.Typer(no_args_is_help=True, help="The people of the organisation.")
tokens = typer.Typer(no_args_is_help=True, help="Tokens people call the API with.")

OrganisationFile: TypeAlias = Annotated[
    Path,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A .yaml or .json file."),
]
NONE_YET = "There is no organisation yet: run `countersign org import FILE`."


@organisation.command("import")
def import_organisation(
    file: OrganisationFile, data_dir: DataDir = None, *, as_json: AsJson = False
) -> None:
    """Make the organisation what the file says; a repeat changes nothing."""
    from api.intake.files import read_organisation_file  # noqa: PLC0415 - loads what it needs
    from cli.database import on_database  # noqa: PLC0415 - the same
    from cli.intake import readable  # noqa: PLC0415 - the same

    with readable(file):
        found = read_organisation_file(file)

    async def save(database: "Database") -> None:
        from db import directory  # noqa: PLC0415 - the same

        async with database.write() as session:
            await directory.save(session, found)

    on_database(data_dir, save)
    counts = {"modules": len(found.modules), "people": len(found.people)}
    if as_json:
        typer.echo(json.dumps({"organisation": found.identity.name, **counts}, ensure_ascii=False))
    else:
        number = f"{counts['modules']} modules, {counts['people']} people"
        typer.echo(f"{found.identity.name}: {number}.", err=True)


@organisation.command("show")
def show_organisation(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Print the organisation in the form in which it is imported."""
    from api.intake.organisation_dump import (  # noqa: PLC0415 - loads YAML
        organisation_document,
        organisation_text,
    )

    found = stored(data_dir)
    if as_json:
        typer.echo(json.dumps(organisation_document(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(organisation_text(found), nl=False)


@persons.command("list")
def list_people(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """List the people with the roles they hold."""
    from cli.show import console  # noqa: PLC0415 - loads rich
    from cli.show.lists import draw_people  # noqa: PLC0415 - the same
    from domain.canonical import plain  # noqa: PLC0415 - with them

    people = [plain(person) for person in stored(data_dir).people]
    if as_json:
        console.print_json(people)
    else:
        console.out().print(draw_people(people))


@persons.command("invite")
def invite(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whom, by their id.")],
    data_dir: DataDir = None,
    *,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=90, help="Valid so long.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Print a link, this once, on which the person chooses a password; it ends earlier ones."""
    from cli.options import read_settings  # noqa: PLC0415 - loads what it needs
    from db import access  # noqa: PLC0415 - the same

    secret, until = _made_for(person, data_dir, access.invite, days=days)
    link = f"{read_settings(data_dir=data_dir).url.rstrip('/')}/welcome/{secret}"
    _print_secret("link", link, person, until, as_json=as_json)


@tokens.command("create")
def create_token(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose token, by their id.")],
    data_dir: DataDir = None,
    *,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=3650, help="Valid so long.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Print a new token, this once: only its digest is kept."""
    from db import access  # noqa: PLC0415 - loads what it needs

    token, until = _made_for(person, data_dir, access.create_token, days=days)
    _print_secret("token", token, person, until, as_json=as_json)


@tokens.command("revoke")
def revoke_tokens(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose tokens, by their id.")],
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Take every token of a person back, at once; also of somebody who has left."""
    from cli.database import on_database  # noqa: PLC0415 - loads what it needs

    async def revoke(database: "Database") -> int:
        from db import access, directory  # noqa: PLC0415 - the same

        async with database.write() as session:
            count = await access.revoke_tokens(session, person)
            if not count and not await directory.is_person(session, person):
                raise Failed(unknown(person, await directory.load(session)))
            return count

    count = on_database(data_dir, revoke)
    if as_json:
        typer.echo(json.dumps({"person": person, "revoked": count}, ensure_ascii=False))
    else:
        typer.echo(f"Revoked {count} tokens of {person}.", err=True)


def _made_for(
    person: str, data_dir: Path | None, make: "Maker", *, days: int
) -> tuple[str, datetime]:
    """A secret for somebody the directory knows, and until when it opens something."""
    from cli.database import on_database  # noqa: PLC0415 - loads what it needs

    now = datetime.now(UTC)

    async def create(database: "Database") -> str:
        from db import directory  # noqa: PLC0415 - the same

        async with database.write() as session:
            if not await directory.is_person(session, person):
                raise Failed(unknown(person, await directory.load(session)))
            return await make(session, person, days=days, now=now)

    return on_database(data_dir, create), now + timedelta(days=days)


def _print_secret(what: str, text: str, person: str, until: datetime, *, as_json: bool) -> None:
    """Shown this once: only its digest is kept."""
    if as_json:
        expires_at = until.isoformat(timespec="seconds")
        typer.echo(json.dumps({what: text, "person": person, "expires_at": expires_at}))
    else:
        typer.echo(text)


def stored(data_dir: Path | None) -> "Organisation":
    """The organisation of the installation. Raises `Failed` before the first import."""
    from cli.database import on_database  # noqa: PLC0415 - loads what it needs

    async def load(database: "Database") -> "Organisation | None":
        from db import directory  # noqa: PLC0415 - the same

        async with database.read() as session:
            return await directory.load(session)

    found = on_database(data_dir, load)
    if found is None:
        raise Failed(NONE_YET)
    return found


def unknown(person: str, known: "Organisation | None") -> str:
    """What to say of a name nobody has."""
    from api.intake.errors import hint, shown  # noqa: PLC0415 - loads what it needs

    if known is None:
        return NONE_YET
    return f"Nobody is called “{shown(person)}”{hint(person, [p.id for p in known.people])}"
