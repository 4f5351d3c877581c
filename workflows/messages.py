"""What goes in and out of a launch's workflow: frozen, additive with defaults, never table rows."""

from dataclasses import dataclass

from domain.acts import Command
from domain.launch import Launch


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public Ed25519 key whose signatures a launch believes; `x` as in its JWK (base64url)."""

    kid: str
    x: str


@dataclass(frozen=True, slots=True)
class LaunchInput:
    """How a launch begins (`start`, a person's signed StartLaunch) or goes on (`launch`).

    Exactly one of the two is set; `launch` carries the processed command ids with it.
    """

    keys: tuple[TrustedKey, ...]
    start: Command | None = None
    launch: Launch | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The command took effect; `seq` is its last event's place in the ledger."""

    seq: int
