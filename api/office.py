"""What one API process holds while it runs."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from joserfc.jwk import OKPKey
from temporalio.client import Client

from api.attempts import Attempts
from api.feed import Feed
from api.metrics import Figures
from db.session import Database
from runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """Settings, database, Temporal client, signing key and feed of one process; `heard` are the
    commands that launches were heard to have, not yet written down; `replays` and `exports` are so
    many at once; `attempts` are the wrong passwords of late.
    """

    settings: Settings
    database: Database
    temporal: Client
    signing_key: OKPKey
    feed: Feed
    figures: Figures = field(default_factory=Figures)
    heard: list[str] = field(default_factory=list)
    replays: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    attempts: Attempts = field(default_factory=Attempts)
    exports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    @property
    def patience(self) -> timedelta:
        """How long an outcome is waited for before the answer is 202."""
        return self.settings.update_timeout
