"""A client that does not let go: it sends a request under its key until it has a final answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import httpx2

from tests.faults.process import PATIENCE
from tests.faults.site import Site

PAUSE: Final = 0.05
"""Seconds between two tries; a client that asks without a pause starves two cores."""

UNKNOWN: Final = 202
REFUSED_FROM: Final = 400
BUSY: Final = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for, with the key it is asked under each time. Without one every delivery
    is an act of its own, and a cut connection may not be asked again over.
    """

    person: str
    key: str
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A final answer; from 200 to 299 it acknowledges the act. Instants are monotonic."""

    request: Request
    status: int
    document: Mapping[str, Any]
    begun: float
    answered: float

    @property
    def is_acknowledged(self) -> bool:
        return self.status < REFUSED_FROM

    @property
    def code(self) -> str:
        """Of a refusal."""
        return str(self.document.get("code"))


@dataclass(slots=True)
class Desk:
    """Everybody's way to the API of a site, with the receipts they got."""

    site: Site
    http: httpx2.AsyncClient
    receipts: list[Receipt] = field(default_factory=list)
    retries: int = 0
    unknown: int = 0

    @property
    def acknowledged(self) -> list[Receipt]:
        return [receipt for receipt in self.receipts if receipt.is_acknowledged]

    async def ask(self, request: Request) -> Receipt:
        """Again with the same key over cut connections, followed over 202, until it is final."""
        begun = monotonic()
        async with asyncio.timeout(PATIENCE):
            status, document = await self._final(request)
        receipt = Receipt(request, status, document, begun, monotonic())
        self.receipts.append(receipt)
        return receipt

    async def see(self, person: str, path: str) -> dict[str, Any]:
        """What a GET shows, over cut connections too."""
        async with asyncio.timeout(PATIENCE):
            while True:
                response = await self._send("GET", person, path)
                if response is not None and response.status_code not in BUSY:
                    break
                await asyncio.sleep(PAUSE)
        assert response.is_success, response.text
        document: dict[str, Any] = response.json()
        return document

    async def _final(self, request: Request) -> tuple[int, dict[str, Any]]:
        while True:
            headers = {"Idempotency-Key": request.key} if request.key else {}
            response = await self._send(
                "POST", request.person, request.path, json=request.body, headers=headers
            )
            if response is None or response.status_code in BUSY:
                self.retries += 1
                await asyncio.sleep(PAUSE)
            elif response.status_code == UNKNOWN:
                self.unknown += 1
                return await self._followed(request.person, response.headers["Location"])
            else:
                return response.status_code, response.json()

    async def _followed(self, person: str, at: str) -> tuple[int, dict[str, Any]]:
        """The reply of a command that was not final in time."""
        while (command := await self.see(person, at))["state"] == "pending":  # noqa: ASYNC110 - HTTP
            await asyncio.sleep(PAUSE)
        reply: dict[str, Any] = command["reply"]
        return int(command["status"]), reply

    async def _send(
        self,
        method: str,
        person: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response | None:
        """None where the connection was cut or refused: what came of it is unknown."""
        bearer = {"Authorization": f"Bearer {self.site.tokens[person]}"}
        url = f"{self.site.url}{path}"
        try:
            return await self.http.request(
                method, url, json=json, headers={**bearer, **(headers or {})}
            )
        except httpx2.TransportError:
            return None
