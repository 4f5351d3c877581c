"""The HTTP application: its routes, and what lives as long as the process.

It starts and serves reads while Temporal is away; acts are then answered 202 and sent later.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version

import structlog
from fastapi import FastAPI
from prometheus_client import start_http_server
from sqlalchemy.exc import SQLAlchemyError

from api import handlers, openapi
from api.feed import Feed, Heads
from api.metrics import Figures, FiguresMiddleware
from api.office import Office
from api.pages import amend, doors, first_run, portfolio, start, statics, tokens
from api.pages import escalations as escalation_pages
from api.pages import inbox as inbox_page
from api.pages import insights as insights_page
from api.pages import launch as launch_page
from api.pages import organisation as organisation_page
from api.pages import postmortem as postmortem_page
from api.pages import postmortems as postmortems_page
from api.pages import replay as replay_page
from api.pages import whatif as whatif_page
from api.replies import BASE
from api.routes import (
    commands,
    escalations,
    events,
    evidence,
    health,
    inbox,
    insights,
    keys,
    launches,
    organisation,
    people,
    postmortems,
    replays,
    steps,
    templates,
    unknown,
)
from api.sweeper import note_heard, sweep_forever
from db import keys as trusted
from db import read_model
from db.session import Database
from runtime.keys import load_or_create
from runtime.settings import Settings
from runtime.signing import public_jwk
from runtime.temporal import connect

_NOUNS = (
    *(steps, launches, escalations, inbox, events, replays, evidence),
    *(postmortems, insights, commands, keys, people, organisation, templates),
)
"""In the order in which addresses are compared: what is asked most comes first."""

_PAGES = (
    *(statics, doors, first_run, inbox_page, portfolio, start),
    *(postmortem_page, postmortems_page, replay_page, whatif_page, insights_page),
    *(amend, launch_page, escalation_pages, organisation_page, tokens),
)
"""The page of a launch comes after those with an address of their own below it."""

_log = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    """The application of one process. `app.state.office` is set while it runs."""
    figures = Figures()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _office(settings, figures) as office:
            app.state.office = office
            yield

    app = FastAPI(
        title="Countersign",
        summary="Chains of commitments between departments.",
        version=version("countersign"),
        lifespan=lifespan,
        openapi_url=f"{BASE}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    handlers.install(app)
    for module in (*_NOUNS, unknown):
        app.include_router(module.router, prefix=BASE)
    app.include_router(health.router)
    for place in _PAGES:
        app.include_router(place.router)
    openapi.publish(app)
    if settings.metrics_port is not None:
        app.add_middleware(FiguresMiddleware, figures=figures)
    return app


@asynccontextmanager
async def _office(settings: Settings, figures: Figures) -> AsyncIterator[Office]:
    """Everything opened, and closed again in the opposite order."""
    database = Database(settings.database_url)
    office = Office(
        settings=settings,
        database=database,
        temporal=await connect(lazy=True),
        signing_key=load_or_create(settings.signing_key),
        feed=Feed(_heads_in(database)),
        figures=figures,
    )
    await _trust_own_key(office)
    metrics = None
    if settings.metrics_port is not None:
        metrics, _ = start_http_server(
            settings.metrics_port, addr="127.0.0.1", registry=figures.registry
        )
    tasks = [asyncio.create_task(sweep_forever(office)), asyncio.create_task(office.feed.run())]
    try:
        yield office
    finally:
        office.feed.close()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if metrics is not None:
            metrics.shutdown()
            metrics.server_close()
        await _note_heard_at_last(office)
        await database.close()


async def _note_heard_at_last(office: Office) -> None:
    """What cannot be noted any more is sent again after the next start, and changes nothing."""
    try:
        await note_heard(office)
    except SQLAlchemyError as error:
        _log.warning("heard.not_noted", commands=len(office.heard), reason=type(error).__name__)


async def _trust_own_key(office: Office) -> None:
    """The first key of an installation is trusted as it comes; whether a later one is, `/readyz`
    tells. A database that is not migrated yet does not keep the API from starting.
    """
    try:
        async with office.database.write() as session:
            jwk = public_jwk(office.signing_key)
            await trusted.trust(session, jwk, at=datetime.now(UTC))
    except (trusted.KeyNotEndorsed, SQLAlchemyError) as error:
        _log.error("key.not_trusted", reason=type(error).__name__)


def _heads_in(database: Database) -> Heads:
    async def heads(launches: Collection[str]) -> Mapping[str, int]:
        async with database.read() as session:
            found = {launch: await read_model.standing(session, launch) for launch in launches}
        return {launch: standing.seq for launch, standing in found.items() if standing}

    return heads
