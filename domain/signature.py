"""What a signature says: the envelope of an act, and the digest of the act's body.

The server signs the envelope as a compact JWS; the cryptography is outside, the text is here.
"""

from dataclasses import MISSING, dataclass, fields
from datetime import datetime

from domain.acts import Act, Command
from domain.canonical import digest, plain
from domain.errors import Forged


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who did what, to which launch and step, in which role: the payload of an act's JWS."""

    command: str
    issued_at: datetime
    person: str
    role: str
    roles: tuple[str, ...]
    on_behalf_of: str | None
    launch: str
    step: str | None
    act: str
    body_digest: str


def body_digest(act: Act) -> str:
    """`sha256:` + SHA-256 of the act's canonical JSON."""
    return digest(act)


def envelope_of(command: Command, launch: str, issued_at: datetime) -> Envelope:
    """The envelope of a person's command, ready to be signed."""
    if command.id is None or command.actor is None:
        message = "only a person's command has an envelope"
        raise ValueError(message)
    return Envelope(
        command=command.id,
        issued_at=issued_at,
        person=command.actor.person,
        role=command.actor.role,
        roles=command.actor.roles,
        on_behalf_of=command.actor.on_behalf_of,
        launch=launch,
        step=getattr(command.act, "step", None),
        act=command.act.kind,
        body_digest=body_digest(command.act),
    )


def is_digest_of(signed: object, act: Act) -> bool:
    """An act that gained a field since it was signed had none then: a field that says nothing may
    be left out of the digest.
    """
    body = plain(act)
    if digest(body) == signed:
        return True
    for field in reversed(fields(act)):
        if field.name != "kind" and field.default is not MISSING:
            if getattr(act, field.name) != field.default:
                return False
            del body[field.name]
            if digest(body) == signed:
                return True
    return False


def check_envelope(payload: object, command: Command, launch: str) -> None:
    """Raise Forged unless a verified payload is the envelope of exactly this command."""
    if not isinstance(payload, dict) or command.id is None or command.actor is None:
        message = "the command carries no person's envelope"
        raise Forged(message)
    expected = plain(envelope_of(command, launch, issued_at=_EPOCH))
    for field, value in expected.items():
        said = payload.get(field)
        if field == "issued_at" or said == value:
            continue
        if field != "body_digest" or not is_digest_of(said, command.act):
            message = f"the envelope's {field} does not fit the command"
            raise Forged(message)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
