"""Where the demo is played: on an installation of its own that is gone afterwards, or on one that
runs already; and what is told at its end.
"""

import asyncio
import os
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.demo.cast import PEOPLE, PLANNER, Cast
from cli.demo.failing import fail
from cli.demo.plan import FAILS_AFTER, demo_plan, failing_plan, schedule
from cli.demo.proof import damage_in
from cli.demo.review import review
from cli.demo.sample import seed_organisation
from cli.demo.stage import NotAsExpected, Stage
from cli.demo.story import play
from cli.failure import Failed
from cli.inspection import Found, verified_document
from cli.options import read_settings
from cli.show import console
from cli.show.replay import draw_waits
from cli.stack import stack_of, with_ports
from db import access, directory, integrity
from db.session import Database
from domain.words.signs import Lang
from runtime.embedded import StackFailed, run
from runtime.lifetime import leave
from runtime.service import CrashLoop
from runtime.settings import DATABASE_URL, PREFIX, Settings

STOPPED_WITHIN = 10.0
PACE = 0.25
"""Seconds between two acts for somebody who reads along."""


@dataclass(frozen=True, slots=True)
class Manner:
    """In which language, with how many seconds between two acts, and which `parts` of it."""

    lang: Lang
    pace: float = PACE
    parts: tuple[str, ...] = ("1", "2")


def play_alone(manner: Manner) -> None:
    """Temporal, worker and API of its own, on free ports, in a directory that is removed."""
    for name in [*os.environ]:
        if name.startswith(PREFIX) or name == DATABASE_URL:
            del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="countersign-demo-") as directory_name:
        data_dir = Path(directory_name)
        settings = with_ports(
            read_settings(data_dir=data_dir, port=0, temporal_port=0, log_level="error")
        )
        try:
            asyncio.run(_embedded(settings, manner))
        except (CrashLoop, StackFailed) as error:
            raise Failed(str(error)) from error
    leave()


def play_on(url: str, data_dir: Path | None, manner: Manner) -> None:
    """The people's tokens are made in the database of that installation."""
    settings = read_settings(data_dir=data_dir)
    tokens = asyncio.run(_tokens(settings))
    _play(settings, url.rstrip("/"), tokens, manner)


async def _embedded(settings: Settings, manner: Manner) -> None:
    tokens: dict[str, str] = {}
    ready = asyncio.Event()

    async def seed() -> None:
        tokens.update(await _tokens(settings))

    serving = asyncio.create_task(run(stack_of(settings, seed), lambda _: ready.set()))
    said = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({serving, said}, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            url = stack_of(settings).url
            playing = _in_thread(lambda: _play(settings, url, tokens, manner))
            await asyncio.wait({serving, playing}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done() and not await _lost(playing, serving):
                playing.result()
                return
        serving.result()
        raise Failed("The demo was stopped.")
    finally:
        said.cancel()
        serving.cancel()
        await asyncio.gather(serving, said, return_exceptions=True)


async def _lost(playing: asyncio.Future[None], serving: asyncio.Task[None]) -> bool:
    """Whether the play ended because its installation did: it was stopped, or it died."""
    error = playing.exception()
    if error is None or isinstance(error, NotAsExpected):
        return False
    await asyncio.wait({serving}, timeout=STOPPED_WITHIN)
    return serving.done()


def _in_thread(work: Callable[[], None]) -> asyncio.Future[None]:
    """In a thread that does not keep the process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def finish(error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def worked() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as raised:  # noqa: BLE001 - carried over to whoever waits
            error = raised
        loop.call_soon_threadsafe(finish, error)

    threading.Thread(target=worked, daemon=True).start()
    return done


def _play(settings: Settings, url: str, tokens: Mapping[str, str], manner: Manner) -> None:
    with Cast(url, tokens, manner.lang) as cast:
        if "1" in manner.parts:
            stage = Stage(cast, console.out(), manner.pace)
            _tell(stage, "start", demo_plan(_code(), manner.lang, schedule()), play)
            tell_the_end(stage, settings, cast[PLANNER].replay(stage.launch["id"]))
        if "2" in manner.parts:
            stage = Stage(cast, console.out(), manner.pace)
            times = schedule(FAILS_AFTER)
            _tell(stage, "fail", failing_plan(_code(), manner.lang, times), fail)
            review(stage)


def _tell(
    stage: Stage, scene: str, plan: Mapping[str, Any], story: Callable[[Stage], None]
) -> None:
    stage.scene(scene)
    stage.open(stage.cast[PLANNER].post("/launches", plan))
    try:
        story(stage)
    finally:
        stage.close()


def _code() -> str:
    return f"DEMO-{datetime.now(UTC):%Y%m%d-%H%M%S}"


def tell_the_end(stage: Stage, settings: Settings, replay: Found) -> None:
    """Who waited for whom, and whether the record is whole and true."""
    stage.scene("summary")
    stage.terminal.print(draw_waits(replay["waits"], stage.names))
    stage.terminal.print()
    found = replay["verification"]
    stage.expect(replay["verified"], f"the replay gives the ledger again: {found['detail']}")
    stage.remark("retold", events=found["events"], history=found["history_events"])
    damage = damage_in(stage.launch["id"], stage.events)
    stage.expect(damage is None, f"the events are a whole chain of hashes: {damage}")
    stage.remark("proved", events=len(stage.events))
    found = asyncio.run(_verified(settings, stage.launch["id"]))
    stage.expect(found["verified"], f"the ledger is whole: {found['problems']}")
    stage.remark("whole", **found)


async def _verified(settings: Settings, launch: str) -> Found:
    database = Database(settings.database_url)
    try:
        return verified_document([await integrity.verify(database, launch)])
    finally:
        await database.close()


async def _tokens(settings: Settings) -> dict[str, str]:
    """A token for everybody who plays, valid for a day."""
    database = Database(settings.database_url)
    now = datetime.now(UTC)
    try:
        await seed_organisation(database)
        async with database.write() as session:
            missing = [p for p in PEOPLE if not await directory.is_person(session, p)]
            if missing:
                raise Failed(
                    f"This needs the demo organisation, which has {', '.join(missing)}; run "
                    "`countersign demo` without --url."
                )
            return {
                person: await access.create_token(session, person, days=1, now=now)
                for person in PEOPLE
            }
    finally:
        await database.close()
