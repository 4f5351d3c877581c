"""A person's command with the request it came by: what a command row keeps to be sent again."""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from domain.acts import Command


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A signed command on its way to a launch; `path` is the request its refusals answer."""

    launch: str
    path: str
    command: Command

    @property
    def id(self) -> str:
        """The command's id, which is also the update's."""
        if self.command.id is None:
            raise ValueError("a person's command has an id")
        return self.command.id

    def text(self) -> str:
        """The payload of a command row."""
        return _ADAPTER.dump_json(self).decode()


def dispatch_of(text: str) -> Dispatch:
    """The dispatch a payload holds."""
    return _ADAPTER.validate_json(text)


_ADAPTER: Final = TypeAdapter(Dispatch)
