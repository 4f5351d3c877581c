"""Commands that can no longer be read end, and stand in no other's way."""

from datetime import UTC, datetime, timedelta

import pytest

from api.sweeper import sweep
from db import commands
from db.commands import NewCommand
from tests.api.story import as_document
from tests.stack import Stack


async def forgotten(stack: Stack, name: str, payload: str) -> str:
    """A command of the executive's from an hour ago that nobody has answered; where it is read."""
    new = NewCommand(
        id=name,
        person="executive",
        key=name,
        request="r",
        launch="L1",
        act="sign",
        payload=payload,
        at=datetime.now(UTC) - timedelta(hours=1),
    )
    async with stack.database.write() as session:
        await commands.open_command(session, new)
    return f"/commands/{name}"


@pytest.mark.parametrize("payload", ["{}", "no JSON", '{"launch": "L1", "command": {"act": "x"}}'])
async def test_a_command_nobody_can_read_is_final(stack: Stack, payload: str) -> None:
    path = await forgotten(stack, f"unreadable-{len(payload)}", payload)
    await sweep(stack.office)
    command = as_document(await stack.get(path))
    assert (command["state"], command["status"]) == ("refused", 500)
    assert command["reply"]["code"] == "internal"
