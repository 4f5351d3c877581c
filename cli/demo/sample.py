"""The demo organisation and its sample launch: what a fresh `countersign up` has to show.

Both are only added where nothing stands in their place; the launch is started through the public
API, as its planner.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import structlog
import typer

from api.intake.files import read_organisation_file, read_plan_file
from cli.stack import stack_of
from db import codes, directory
from db.session import Database
from runtime.settings import Settings

DATA: Final = Path(__file__).parents[1] / "data"
ORGANISATION: Final = DATA / "organisation.yaml"
SAMPLE: Final = DATA / "case-1-personal-topup.yaml"
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
        code = sample_code()
        token = await _token_for_sample(database, code)
    finally:
        await database.close()
    url = stack_of(settings).url
    if token is not None:
        await _start_sample(url, token, code)
    say_what_next(settings, url, code)


async def seed_organisation(database: Database) -> None:
    """The demo organisation, unless one was imported."""
    async with database.write() as session:
        if await directory.load(session) is None:
            await directory.save(session, read_organisation_file(ORGANISATION))


def sample_code() -> str:
    plan: Any = read_plan_file(SAMPLE, now=datetime.now(UTC))
    return str(plan["code"])


async def _token_for_sample(database: Database, code: str) -> str | None:
    """None where the sample exists, or where its planner is not of this organisation."""
    now = datetime.now(UTC)
    async with database.write() as session:
        if await codes.launch_of(session, code) is not None:
            return None
        if not await directory.is_person(session, PLANNER):
            return None
        return await directory.create_token(session, PLANNER, days=1, now=now)


async def _start_sample(url: str, token: str, code: str) -> None:
    plan: Any = read_plan_file(SAMPLE, now=datetime.now(UTC))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"sample-{code}"}
    async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE) as client:
        try:
            answer = await client.post("/api/v1/launches", json=plan, headers=headers)
        except httpx2.TransportError as error:
            log.warning("sample.not_started", reason=type(error).__name__)
            return
    if answer.status_code >= REFUSED_FROM and answer.status_code != TAKEN:
        log.warning("sample.not_started", status=answer.status_code, answer=answer.text[:500])


def say_what_next(settings: Settings, url: str, code: str) -> None:
    """On stderr, for the person who has just started it."""
    typer.echo(
        f"""\
The demo organisation is ready, with the launch {code}. In another terminal:
  export COUNTERSIGN_URL={url}
  export COUNTERSIGN_TOKEN="$(countersign token create lead.product --data-dir {settings.data_dir})"
  countersign inbox
  countersign launch status {code} --watch
`countersign person list --data-dir {settings.data_dir}` names everybody else.""",
        err=True,
    )
