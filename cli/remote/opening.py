"""Opening a desk: settings in, a spinner while an outcome is waited for, refusals as JSON."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import typer
from rich.status import Status

from cli.remote.api import Api
from cli.remote.desk import Desk
from cli.remote.refusal import Refused
from cli.show import console
from runtime.settings import Settings

SCHEMES = ("http", "https")


@contextmanager
def open_desk(settings: Settings, *, as_json: bool, patience: float) -> Iterator[Desk]:
    spinner = Spinner()
    api = Api(
        address_of(settings),
        settings.token.get_secret_value().strip(),
        patience=patience,
        on_wait=spinner.say,
    )
    try:
        with api.client:
            yield Desk(api, as_json)
    except Refused as refusal:
        if as_json:
            console.print_json(refusal.problem)
        raise
    finally:
        spinner.stop()


class Spinner:
    """Says on stderr what is waited for; on a terminal it turns."""

    def __init__(self) -> None:
        self._status: Status | None = None
        self._said = ""

    def say(self, why: str) -> None:
        terminal = console.err()
        if not terminal.is_terminal:
            if why != self._said:
                terminal.print(f"{why} …")
        elif self._status is None:
            self._status = terminal.status(f"{why} …")
            self._status.start()
        else:
            self._status.update(f"{why} …")
        self._said = why

    def stop(self) -> None:
        if self._status is not None:
            self._status.stop()


def address_of(settings: Settings) -> str:
    """The API's address, without a slash at its end; anything but HTTP is wrong usage."""
    text = settings.url.rstrip("/")
    try:
        address = httpx2.URL(text)
    except httpx2.InvalidURL as error:
        raise typer.BadParameter(f"COUNTERSIGN_URL: {error}") from error
    if address.scheme not in SCHEMES or not address.host:
        raise typer.BadParameter("COUNTERSIGN_URL: must look like http://127.0.0.1:8000")
    return text
