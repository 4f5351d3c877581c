"""Whether the process lives, and whether it can do its work."""

from datetime import timedelta
from typing import Final

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from api.deps import OfficeDep
from api.documents import ReadinessPublic
from api.office import Office
from db import keys, schema
from db.address import DatabaseUnusable
from runtime.signing import key_id

router = APIRouter(tags=["health"])

PATIENCE: Final = timedelta(seconds=2)
_log = structlog.get_logger()


@router.get("/healthz")
async def get_health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    responses={200: {"model": ReadinessPublic}, 503: {"model": ReadinessPublic}},
    response_model=None,
)
async def get_readiness(office: OfficeDep) -> Response:
    """200 where acts can be done; else 503 and what is not ready."""
    parts = {
        "database": await _database(office),
        "temporal": await _temporal(office),
        "signing_key": await _signing_key(office),
    }
    ready = all(part == "ok" for part in parts.values())
    return JSONResponse({"ready": ready, **parts}, 200 if ready else 503)


async def _database(office: Office) -> str:
    try:
        await schema.demand_head(office.settings.database_url)
    except (schema.SchemaOutdated, schema.SchemaUnknown) as error:
        return str(error)
    except DatabaseUnusable as error:
        _log.warning("readiness.database_missing", error=type(error).__name__)
        return "does not answer"
    return "ok"


async def _temporal(office: Office) -> str:
    try:
        answered = await office.temporal.service_client.check_health(timeout=PATIENCE)
    except (RPCError, RuntimeError):
        return "does not answer"
    return "ok" if answered else "is not serving"


async def _signing_key(office: Office) -> str:
    """A key that no launch trusts would sign acts that every launch refuses."""
    try:
        async with office.database.read() as session:
            trusted = await keys.trusted(session)
    except SQLAlchemyError:
        return "unknown while the database does not answer"
    return "ok" if key_id(office.signing_key) in trusted else "is not trusted by this database"
