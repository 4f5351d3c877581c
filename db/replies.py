"""What a command was answered, the same each time it is asked for.

Most replies are a launch as it was right after the act. The read model has them while nothing else
has happened; afterwards the ledger tells them again.
"""

from db import ledger, read_model
from db.commands import StoredCommand
from db.projection import project
from db.transaction import Session


class ReplyLost(LookupError):
    """A command was answered with a launch at a seq that its ledger does not have."""


async def reply_text(session: Session, command: StoredCommand) -> str | None:
    """The reply as JSON text; None while there is none. Raises ReplyLost."""
    if command.seq is None:
        return command.reply
    launch = command.launch or ""
    current = await read_model.launch_text(session, launch, at=command.seq)
    if current is not None:
        return current
    past = await ledger.fold_launch(session, launch, until=command.seq)
    if past is None or past.seq != command.seq:
        raise ReplyLost(f"launch {launch} has no entry {command.seq}, which {command.id} brought")
    text: str = project(past).launch["document"]
    return text
