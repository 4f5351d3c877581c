"""Prometheus figures of the API, served on a port of their own.

Labels are route templates, never paths: no id and no person appears in a figure.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]

BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Figures:
    """Counters of one process; each has its own registry, so that tests may run several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "countersign_requests",
            "Answered requests",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "countersign_request_seconds",
            "Time to answer, streams left out",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.resent = Counter(
            "countersign_commands_resent", "Commands sent again", registry=self.registry
        )


class FiguresMiddleware:
    """Counts every answered request."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        status = 500
        is_stream = False

        async def counted(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = (b"content-type", b"text/event-stream") in [
                    (name, value.partition(b";")[0]) for name, value in message["headers"]
                ]
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self.figures.requests.labels(scope["method"], route, status).inc()
            if not is_stream:
                self.figures.seconds.labels(scope["method"], route).observe(perf_counter() - began)
