"""Post-mortems as the API reads and changes them: the record, and the facts of its run."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from api.here import Done, Turn
from api.office import Office
from api.postmortem_bodies import PostMortemChange, blaming, taxonomy_of
from api.problems import missing
from db import audit, directory, ledger, postmortems, read_model
from db.transaction import Session
from domain.blameless.pseudonyms import ALIAS, Pseudonyms
from domain.blameless.scrub import Scrubbed, Scrubber
from domain.canonical import plain
from domain.errors import WrongState
from domain.evolve import fold
from domain.postmortem import decide as rules
from domain.postmortem.decide import Act, Change
from domain.postmortem.document import Document, Reading, document
from domain.postmortem.events import Entry, Event
from domain.postmortem.record import PostMortem


@dataclass(frozen=True, slots=True)
class Found:
    """A post-mortem, None where a launch has none, with what it takes to show it."""

    record: PostMortem | None
    reading: Reading

    def known(self) -> PostMortem:
        """The record, or 404."""
        if self.record is None:
            raise missing("postmortem", self.reading.launch.id)
        return self.record


async def find(session: Session, launch: str) -> Found:
    """The post-mortem of a launch that exists."""
    entries = tuple(stored.entry for stored in await ledger.entries(session, launch))
    run = fold(entries)
    organisation = await directory.load(session)
    now = datetime.now(UTC)
    record = await _record(session, launch)
    reading = Reading(
        launch=run,
        entries=entries,
        scrubber=Scrubber(await directory.everybody(session), Pseudonyms.of_run(entries).of),
        taxonomy=taxonomy_of(organisation) if organisation else {},
        blaming=blaming(),
        refused=await audit.counts(session, launch, until=run.closed_at or now),
        follow_ups=await read_model.documents(session, record.follow_ups if record else ()),
        now=now,
    )
    return Found(record, reading)


async def _record(session: Session, launch: str) -> PostMortem | None:
    try:
        return await postmortems.find(session, launch)
    except postmortems.EntryUnreadable as error:
        message = f"The ledger of this post-mortem is damaged: {error}. `ledger verify` says where."
        raise WrongState(message, possible=["replay"]) from error


async def shown(office: Office, launch: str) -> Document:
    """The post-mortem as `GET /launches/{launch}/postmortem` answers it, or 404."""
    async with office.database.read() as session:
        found = await find(session, launch)
    return await asyncio.to_thread(document, found.known(), found.reading)


async def listed(office: Office, page: postmortems.PostMortemPage) -> list[Document]:
    """A page of post-mortems, without names in their titles."""
    async with office.database.read() as session:
        people = await directory.everybody(session)
        salts = await postmortems.salts(session, [item.launch for item in page.items])
    scrubbers = {launch: Scrubber(people, Pseudonyms(salt).of) for launch, salt in salts.items()}
    return [_line(item, scrubbers[item.launch]) for item in page.items]


async def opened(turn: Turn, *, launch: str) -> Done:
    """Opened on request; one that there is already is answered as it stands."""
    await postmortems.lock(turn.session, launch)
    found = await find(turn.session, launch)
    events = rules.decide(found.record, rules.Open(), turn.writer, found.reading.launch)
    record = await _append(turn, found, events)
    status = HTTPStatus.CREATED if events else HTTPStatus.OK
    return Done(status, _text(document(record, found.reading)))


async def changed(turn: Turn, *, launch: str, body: PostMortemChange) -> Done:
    """Fields and state changed; the answer says besides which names were taken out of what."""
    await postmortems.lock(turn.session, launch)
    found = await find(turn.session, launch)
    values = body.values(found.reading.taxonomy)
    scrubbed, names = _scrubbed(values, found.reading.scrubber)
    act = Change(scrubbed, body.state, body.seq)
    record = await _act(turn, found, act)
    return Done(200, _text({**document(record, found.reading), "scrubbed": names}))


async def commented(turn: Turn, *, launch: str, text: str) -> Done:
    """Said beside the record."""
    await postmortems.lock(turn.session, launch)
    found = await find(turn.session, launch)
    said = found.reading.scrubber.scrub(text)
    record = await _act(turn, found, rules.Say(said.text))
    comment = document(record, found.reading)["comments"][-1]
    return Done(HTTPStatus.CREATED, _text({**comment, "scrubbed": names_found("text", said)}))


async def revealed(turn: Turn, *, launch: str, reason: str) -> Done:
    """Who stands behind the pseudonyms of the report; the reason stays in its ledger."""
    await postmortems.lock(turn.session, launch)
    found = await find(turn.session, launch)
    record = await _act(turn, found, rules.Reveal(reason))
    told = set(ALIAS.findall(_text(document(record, found.reading))))
    alias = found.reading.scrubber.alias
    people = await directory.everybody(turn.session)
    names = {alias(p.id): {"id": p.id, "name": plain(p.name)} for p in people}
    shown = {name: who for name, who in names.items() if name in told}
    return Done(200, _text({"launch": launch, "seq": record.seq, "names": shown}))


async def _act(turn: Turn, found: Found, act: Act) -> PostMortem:
    events = rules.decide(found.known(), act, turn.writer, found.reading.launch)
    return await _append(turn, found, events)


async def _append(turn: Turn, found: Found, events: Sequence[Event]) -> PostMortem:
    first = 1 + (found.record.seq if found.record else 0)
    now = datetime.now(UTC)
    entries = [
        Entry(seq, now, turn.writer.person, turn.command, event)
        for seq, event in enumerate(events, first)
    ]
    if not entries:
        return found.known()
    return await postmortems.append(turn.session, found.reading.launch, entries)


def _line(item: postmortems.Listed, scrubber: Scrubber) -> Document:
    shown: Document = plain(item)
    return {**shown, "code": scrubber.text(item.code), "title": scrubber.text(item.title)}


def _scrubbed(
    values: Mapping[str, Any], scrubber: Scrubber
) -> tuple[dict[str, Any], list[Document]]:
    """The values without names, and which names were taken out of which field."""
    names: list[Document] = []

    def scrub(value: Any, path: str) -> Any:  # noqa: ANN401 - what a body holds
        if isinstance(value, str):
            said = scrubber.scrub(value)
            names.extend(names_found(path, said))
            return said.text
        if isinstance(value, Mapping):
            return {key: scrub(item, f"{path}.{key}") for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(scrub(item, f"{path}[{n}]") for n, item in enumerate(value))
        return value

    kept = {"factors"}
    done = {
        name: value if name in kept else scrub(value, "factor_notes" if name == "notes" else name)
        for name, value in values.items()
    }
    return done, names


def names_found(field: str, said: Scrubbed) -> list[Document]:
    """Which names were taken out of a field, and what stands there now."""
    return [{"field": field, "was": was, "now": now} for was, now in dict.fromkeys(said.found)]


_text = partial(json.dumps, ensure_ascii=False)
