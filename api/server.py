"""The HTTP server process: uvicorn, told to let go of event streams before it waits for them."""

import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from db.schema import awaited_head
from runtime.logs import configure_logs
from runtime.settings import Settings

GRACE_SECONDS: Final = 3


class Server(uvicorn.Server):
    """Streams never end by themselves, so a stop closes them first; then uvicorn's own way."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                timeout_keep_alive=30,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.office.feed.close()
        await super().shutdown(sockets)


async def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises `SystemExit` where the port cannot be listened on and
    `CannotStart` where the database cannot be used; one that goes away later is waited for.
    """
    configure_logs(settings)
    await awaited_head(settings.database_url)
    await Server(create_app(settings), settings).serve()
