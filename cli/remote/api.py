"""The HTTP API as a client sees it: reads, and posts that are sent until their outcome is known.

Every post carries an idempotency key, so that sending it again after a cut connection can never
act twice; a 202 is followed until the command is final.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TextIO
from uuid import uuid4

import httpx2

from cli.failure import Failed
from cli.remote.refusal import Refused

Document = dict[str, Any]

BASE: Final = "/api/v1"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
READ_SECONDS: Final = 30.0
LONG_SECONDS: Final = 300.0
"""Telling launches again is work, and others may be told before them."""
PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE: Final = 2.0
ACCEPTED: Final = 202
REFUSED_FROM: Final = 400

HOW_TO_GET_IN: Final = (
    "There is no token to act with. On the machine of the installation "
    "`countersign token create PERSON` prints one; put it into COUNTERSIGN_TOKEN."
)


@dataclass
class Api:
    """One person's way to the API. `patience` is how many seconds an outcome is waited for;
    `on_wait` is told when there is something to wait for, and why.
    """

    url: str
    token: str
    patience: float = 60.0
    on_wait: Callable[[str], None] = lambda _: None
    transport: httpx2.BaseTransport | None = None
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        if not self.token:
            raise Failed(HOW_TO_GET_IN)
        address = httpx2.URL(self.url)
        self.client = httpx2.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {self.token}", "Accept": "application/json"},
            timeout=httpx2.Timeout(READ_SECONDS, connect=5),
            # A proxy of this machine knows no way to the machine itself.
            trust_env=address.host not in LOOPBACK,
            # Reading the machine's certificates takes longer than most answers.
            verify=address.scheme == "https",
            transport=self.transport,
        )

    def get(self, path: str, **query: str | int | None) -> Document:
        """A document, or `Refused`, or `Failed` where nobody answers."""
        return self._get(path, query, READ_SECONDS)

    def replay(self, launch: str) -> Document:
        """A launch told again, as `get`; the API may take minutes."""
        return self._get(f"/launches/{launch}/replay", {}, LONG_SECONDS)

    def download(self, path: str, file: TextIO, **query: str | None) -> Mapping[str, str]:
        """A document that may be long, written as it comes, and the headers it came with. It may
        take the API minutes to make.
        """
        given = {name: value for name, value in query.items() if value is not None}
        timeout = httpx2.Timeout(LONG_SECONDS, connect=5)
        try:
            with self.client.stream("GET", BASE + path, params=given, timeout=timeout) as response:
                if not response.is_success:
                    response.read()
                    document_of(response)
                file.writelines(response.iter_text())
                return response.headers
        except httpx2.TransportError as error:
            raise self.unreachable(error) from error

    def _get(self, path: str, query: Mapping[str, str | int | None], seconds: float) -> Document:
        given = {name: value for name, value in query.items() if value is not None}
        timeout = httpx2.Timeout(seconds, connect=5)
        try:
            return document_of(self.client.get(BASE + path, params=given, timeout=timeout))
        except httpx2.TransportError as error:
            raise self.unreachable(error) from error

    def pages(self, path: str, **query: str | int | None) -> Iterator[Document]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, **query, cursor=cursor)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def change(self, path: str, body: Mapping[str, Any]) -> Document:
        """The record as changed, or `Refused`, or `Failed`. It is not sent again."""
        try:
            return document_of(self.client.patch(BASE + path, json=body))
        except httpx2.TransportError as error:
            raise self.unreachable(error) from error

    def post(self, path: str, body: Mapping[str, Any]) -> Document:
        """The reply of an act that took effect, or `Refused`, or `Failed`."""
        key, give_up = uuid4().hex, time.monotonic() + self.patience
        response = self._send(path, body, key, give_up)
        if response.status_code == ACCEPTED:
            return self._followed(response, give_up)
        return document_of(response)

    @contextmanager
    def stream(self, path: str, after: int) -> Iterator[httpx2.EventSource]:
        """The server-sent events of a launch with a seq above `after`."""
        headers = {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
        timeout = httpx2.Timeout(READ_SECONDS, connect=5, read=60)
        with self.client.stream(
            "GET", BASE + path, headers=headers, params={"after": after}, timeout=timeout
        ) as response:
            if response.status_code >= REFUSED_FROM:
                response.read()
                document_of(response)
            yield httpx2.EventSource(response)

    def unreachable(self, error: Exception) -> Failed:
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return Failed(
                f"Countersign is not reachable at {self.url}; start it with `countersign up`."
            )
        return Failed(f"The connection to {self.url} broke: {type(error).__name__}.")

    def _send(
        self, path: str, body: Mapping[str, Any], key: str, give_up: float
    ) -> httpx2.Response:
        """Once an answer was lost, the same request is sent again until one comes."""
        pause, was_sent = PAUSE_SECONDS, False
        while True:
            try:
                return self.client.post(BASE + path, json=body, headers={"Idempotency-Key": key})
            except httpx2.TransportError as error:
                was_sent = was_sent or not isinstance(error, httpx2.ConnectError)
                if not was_sent:
                    raise self.unreachable(error) from error
                self._wait(pause, give_up, "The connection was cut; sending the same act again")
                pause = min(pause * 2, LONGEST_PAUSE)

    def _followed(self, response: httpx2.Response, give_up: float) -> Document:
        """The reply of a command that was not final in time, once it is."""
        place = response.headers["Location"].removeprefix(BASE)
        pause = PAUSE_SECONDS
        while True:
            self._wait(pause, give_up, "Countersign has it; waiting for the outcome")
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                command = document_of(self.client.get(BASE + place))
            except httpx2.TransportError:
                continue
            if command["state"] != "pending":
                return outcome_of(command)

    def _wait(self, seconds: float, give_up: float, why: str) -> None:
        if time.monotonic() + seconds > give_up:
            raise Failed(
                f"The outcome is not known after {self.patience:g} s. The act may still take "
                "effect: look with `countersign launch status` before you repeat it."
            )
        self.on_wait(why)
        time.sleep(seconds)


def outcome_of(command: Mapping[str, Any]) -> Document:
    """The reply of a final command, or `Refused`."""
    reply: Document = command["reply"] or {}
    if command["state"] == "refused":
        raise Refused(reply)
    return reply


def document_of(response: httpx2.Response) -> Document:
    """The JSON object of an answer, empty where it has nothing to say, or `Refused`; `Failed` where
    it is none of ours.
    """
    if response.status_code == httpx2.codes.NO_CONTENT:
        return {}
    try:
        document = response.json()
    except ValueError:
        document = None
    if response.status_code >= REFUSED_FROM and isinstance(document, dict) and "code" in document:
        raise Refused(document)
    if response.is_success and isinstance(document, dict):
        return document
    raise Failed(f"{response.url} answered {response.status_code}, and not as Countersign does.")
