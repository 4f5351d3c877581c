"""Somebody who reaches Temporal past the API, with payloads nobody should send."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from domain import acts
from domain.acts import Act, Actor, Command
from domain.canonical import plain
from domain.signature import envelope_of
from runtime.signing import generate_key, sign

LEAD: Final = Actor("lead.product", "lead", ("lead:product",))
STOP: Final = acts.StopLaunch("No reason")


def _command(act: Act, launch: str, key: OKPKey) -> Command:
    """Well formed, and signed with this key."""
    command = Command(act, uuid4().hex, LEAD)
    envelope = envelope_of(command, launch, datetime.now(UTC))
    return replace(command, jws=sign(plain(envelope), key))


def _unsigned(launch: str) -> object:
    return Command(STOP, uuid4().hex, LEAD)


def _own_key(launch: str) -> object:
    return _command(STOP, launch, generate_key())


def _in_the_name_of_time(launch: str) -> object:
    return Command(acts.Elapse(), uuid4().hex)


def _written_by_hand(launch: str) -> object:
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b'{"act": '))


POISON: Final[dict[str, Callable[[str], object]]] = {
    "a text": lambda _: "rubbish",
    "no act": lambda _: {"id": "x"},
    "an unknown act": lambda _: {"act": {"kind": "conquer"}, "id": "x"},
    "octets": lambda _: b"\x00\xff\xfe",
    "broken JSON": _written_by_hand,
    "unsigned": _unsigned,
    "signed with a key of one's own": _own_key,
    "time itself": _in_the_name_of_time,
}
"""By what it is; each makes the argument of an update of this launch."""


async def attack(client: Client, launch: str, name: str) -> str:
    """Sends one of them straight to the launch; the type of the refusal."""
    argument = POISON[name](launch)
    id_ = argument.id if isinstance(argument, Command) else None
    handle = client.get_workflow_handle(f"launch-{launch}")
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("act", argument, id=id_)
    assert isinstance(refused.value.cause, ApplicationError)
    return str(refused.value.cause.type)
