"""After the faults: whether everything acknowledged stands once, nothing twice, and whether ledger,
read model, workflows and commands tell the same story. Quotes the invariants by number.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from db import commands, ledger, read_model
from db.replies import reply_text
from db.session import Database
from db.transaction import Session
from domain.events import CommitmentSigned, Entry, SignatureGiven
from domain.evolve import fold
from domain.view import launch_document
from tests.faults.desk import Receipt
from tests.faults.process import PATIENCE
from tests.faults.retold import workflow_states
from tests.faults.site import Site

POLL: Final = 0.05
INVARIANTS: Final = ("I3", "I4", "I10", "I11", "I13", "I17", "I18", "I19")
"""What every inquest holds; it fails where one of them does not."""

EFFECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "launches": ("LaunchStarted",),
    "sign": ("CommitmentSigned", "SignatureGiven"),
    "decline": ("CommitmentDeclined",),
    "ask": ("QuestionAsked",),
    "stop": ("LaunchStopped",),
}
"""What an act writes, by the last word of its path."""

Ledgers = Mapping[str, Sequence[Entry]]


@dataclass(frozen=True, slots=True)
class Inquest:
    """What was found. `executed` counts the commands in the ledger, acknowledged or not."""

    acknowledged: int
    executed: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]


async def inquire(site: Site, receipts: Iterable[Receipt]) -> Inquest:
    """Waits until every command is final, then holds all that was acknowledged to the records.

    Looks at the launches these receipts are about.
    """
    acknowledged = [receipt for receipt in receipts if receipt.is_acknowledged]
    launches = dict.fromkeys(str(receipt.document["id"]) for receipt in acknowledged)
    async with site.database() as database:
        await every_command_is_heard(database)
        async with database.read() as session:
            ledgers = await _ledgers(session, launches)
            await _agree(site, session, ledgers)
            await _each_act_has_its_command(session, ledgers)
            lost, doubled = await _missing_and_repeated(session, ledgers, acknowledged)
    return Inquest(
        acknowledged=len(acknowledged),
        executed=len(_commands(ledgers)),
        lost=tuple(lost),
        doubled=(*doubled, *_signed_twice(ledgers)),
    )


async def every_command_is_heard(database: Database) -> None:
    """I17: the faults have ended, so every command becomes final and no launch stays behind."""
    unheard = text("SELECT count(*) FROM command WHERE state = 'pending' OR heard_at IS NULL")
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.read() as session:
                if (await session.execute(unheard)).scalar() == 0:
                    return
            await asyncio.sleep(POLL)


async def _ledgers(session: Session, launches: Iterable[str]) -> dict[str, tuple[Entry, ...]]:
    return {
        launch: tuple(stored.entry for stored in await ledger.entries(session, launch))
        for launch in launches
    }


async def _agree(site: Site, session: Session, ledgers: Ledgers) -> None:
    """I10: fold(ledger) = read model = workflow state, and what is live answers."""
    client = await site.temporal()
    states = await workflow_states(client, ledgers)
    for launch, entries in ledgers.items():
        told = fold(entries)
        assert states[launch] == told, f"I10: the workflow of {launch} knows another launch"
        shown = json.loads(await read_model.launch_text(session, launch) or "{}")
        assert shown == launch_document(told), f"I10: the read model of {launch} differs"
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


async def _each_act_has_its_command(session: Session, ledgers: Ledgers) -> None:
    """I11: what stands in the ledger by a person's command was done, as one decision."""
    for (launch, command), entries in _commands(ledgers).items():
        row = await commands.get(session, command)
        assert row is not None, f"I11: nobody ever asked for {command} of {launch}"
        assert (row.state, row.launch) == ("done", launch), f"I11: {command} is {row.state}"
        seqs = [entry.seq for entry in entries]
        assert seqs == list(range(seqs[0], seqs[-1] + 1)), f"{command} was decided in parts"


async def _missing_and_repeated(
    session: Session, ledgers: Ledgers, acknowledged: Iterable[Receipt]
) -> tuple[list[str], list[str]]:
    """I3 and I13: each acknowledged act has its effect once, and its answer still stands."""
    by_command = _commands(ledgers)
    lost, doubled = [], []
    for receipt in acknowledged:
        request = receipt.request
        if not request.key:
            continue  # what became of it is told by the test that sent it
        row = await commands.find_by_key(session, request.person, request.key)
        assert row is not None, f"{request.key}: its key is forgotten"
        assert row.status == receipt.status, f"I13: {request.key} was answered {row.status}"
        reply = await reply_text(session, row)
        assert json.loads(reply or "null") == receipt.document, f"I13: {request.key}"
        wanted = EFFECTS[request.path.rpartition("/")[2]]
        entries = by_command.get((row.launch or "", row.id), [])
        effects = [entry for entry in entries if entry.event.kind in wanted]
        lost += [request.key] if not effects else []
        doubled += [request.key] if len(effects) > 1 else []
        assert not entries or entries[-1].seq <= receipt.document["seq"], f"I18: {request.key}"
    return lost, doubled


def _commands(ledgers: Ledgers) -> dict[tuple[str, str], list[Entry]]:
    """The entries of each person's command."""
    by_command: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for launch, entries in ledgers.items():
        for entry in entries:
            if entry.command is not None:
                by_command[launch, entry.command].append(entry)
    return by_command


def _signed_twice(ledgers: Ledgers) -> list[str]:
    """I4: what one person signed more than once of the same version of the same attempt."""
    counted = Counter(
        (launch, event.step, event.attempt, event.version, event.person)
        for launch, entries in ledgers.items()
        for event in (entry.event for entry in entries)
        if isinstance(event, CommitmentSigned | SignatureGiven)
    )
    return [" ".join(map(str, signed)) for signed, times in counted.items() if times > 1]
