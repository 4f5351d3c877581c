"""The demo organisation and its sample launch: what a fresh `countersign up` has to show.

Both are only added where nothing stands in their place; the launch is started through the public
API, as its planner.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import structlog
import typer

from api.sample import DATA, load_organisation
from cli.stack import stack_of
from db import access, codes, directory
from db.session import Database
from runtime.settings import Settings

if TYPE_CHECKING:
    from httpx2 import Response

SAMPLE: Final = DATA / "case-1-personal-topup.yaml"
CODE: Final = "FT-PERSONAL-TOPUP"
PLANNER: Final = "planner.personal"
TAKEN: Final = 409
REFUSED_FROM: Final = 400
PATIENCE: Final = 30

log = structlog.get_logger(__name__)


async def seed_demo(settings: Settings) -> None:
    """Idempotent; a sample that cannot be started is no reason not to serve."""
    database = Database(settings.database_url)
    try:
        await seed_organisation(database)
        token = await _token_for_sample(database)
    finally:
        await database.close()
    url = stack_of(settings).url
    if token is not None:
        await _start_sample(url, token)
    say_what_next(settings, url)


async def seed_organisation(database: Database) -> None:
    """The demo organisation, unless one was imported."""
    async with database.read() as session:
        if await directory.load(session) is not None:
            return
    async with database.write() as session:
        await load_organisation(session)


async def _token_for_sample(database: Database) -> str | None:
    """None where the sample exists, or where its planner is not of this organisation."""
    async with database.read() as session:
        exists = await codes.launch_of(session, CODE) is not None
        if exists or not await directory.is_person(session, PLANNER):
            return None
    async with database.write() as session:
        return await access.create_token(session, PLANNER, days=1, now=datetime.now(UTC))


async def _start_sample(url: str, token: str) -> None:
    import httpx2  # noqa: PLC0415 - the first time only

    try:
        answer = await _posted(url, token)
    except httpx2.TransportError as error:
        log.warning("sample.not_started", reason=type(error).__name__)
        return
    if answer.status_code >= REFUSED_FROM and answer.status_code != TAKEN:
        log.warning("sample.not_started", status=answer.status_code, answer=answer.text[:500])


async def _posted(url: str, token: str) -> "Response":
    import httpx2  # noqa: PLC0415 - the first time only

    from api.intake.files import read_plan_file  # noqa: PLC0415 - the same

    plan: Any = read_plan_file(SAMPLE, now=datetime.now(UTC))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"sample-{CODE}"}
    is_https = url.startswith("https:")
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE, verify=is_https) as client:
        return await client.post(f"{url}/api/v1/launches", json=plan, headers=headers)


def say_what_next(settings: Settings, url: str) -> None:
    """On stderr, for the person who has just started it."""
    typer.echo(
        f"""\
The demo organisation is ready, with the launch {CODE}. In another terminal:
  export COUNTERSIGN_URL={url}
  export COUNTERSIGN_TOKEN="$(countersign token create lead.product --data-dir {settings.data_dir})"
  countersign inbox
  countersign launch status {CODE} --watch
`countersign person list --data-dir {settings.data_dir}` names everybody else.""",
        err=True,
    )
