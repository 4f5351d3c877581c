"""Reading along while a launch goes on: its events as they happen, whatever happens to the line."""

import json
import time
from collections.abc import Iterator
from typing import Final

import httpx2

from cli.failure import Failed
from cli.remote.api import Api, Document
from cli.remote.refusal import Refused

POLL_SECONDS: Final = 0.5
MOST_SILENT_TRIES: Final = 20
NO_STREAM: Final = frozenset({"no_such_route", "method_not_allowed", "not_found"})


def follow(api: Api, launch: str, after: int = 0) -> Iterator[Document]:
    """Every event above `after`, each once, ending with `LaunchClosed`.

    A stream that breaks is taken up where it ended; where there is none the list is asked again
    and again. Raises `Failed` where nobody answers any more.
    """
    silent = 0
    while True:
        seen = after
        for event in _some(api, launch, after):
            after = event["seq"]
            yield event
            if event["type"] == "LaunchClosed":
                return
        silent = 0 if after > seen else silent + 1
        if silent >= MOST_SILENT_TRIES and not _answers(api, launch):
            raise Failed(f"Countersign at {api.url} does not answer any more.")
        time.sleep(POLL_SECONDS)


def listed(api: Api, launch: str, after: int = 0) -> Iterator[Document]:
    """The events there are, page by page."""
    return api.pages(f"/launches/{launch}/events", after=after, limit=100)


def _some(api: Api, launch: str, after: int) -> Iterator[Document]:
    """Events until the line breaks; nothing where it is broken already."""
    try:
        yield from _streamed(api, launch, after)
    except Refused:
        yield from listed(api, launch, after)
    except (Failed, httpx2.TransportError, httpx2.StreamError, ValueError):
        return


def _streamed(api: Api, launch: str, after: int) -> Iterator[Document]:
    with api.stream(f"/launches/{launch}/events/stream", after) as source:
        for message in source:
            if message.data:
                event: Document = json.loads(message.data)
                if event.get("seq", 0) > after:
                    after = event["seq"]
                    yield event


def _answers(api: Api, launch: str) -> bool:
    try:
        api.get(f"/launches/{launch}")
    except Failed:
        return False
    return True
