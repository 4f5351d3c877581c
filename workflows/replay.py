"""Whether a launch's ledger is what happened: every value is held against its history, told again.

Temporal's replayer alone compares the kinds of commands and runs no validators; it does not see
another event, another time or another signer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

from domain.errors import Forged
from domain.events import Entry
from domain.evolve import fold
from domain.replay import Difference, compare, differing
from domain.signature import check_envelope
from runtime.signing import PublicJwk, SignatureInvalid, verify
from workflows.retelling import Retelling

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that speaks against the ledger being what happened.

    `said` is for whoever may see everything. `seq` is its entry, where it is about one;
    `difference` the two values, where there are two.
    """

    kind: Literal["failure", "difference", "signature"]
    said: str
    seq: int | None = None
    difference: Difference | None = None

    def __str__(self) -> str:
        return self.said


def doubts(
    told: Retelling, ledger: Sequence[Entry], *, trusted: Mapping[str, PublicJwk]
) -> tuple[Doubt, ...]:
    """Everything that speaks against the ledger being what happened; none means verified.

    `trusted` are the keys (kid → public JWK) the launch was started with.
    """
    return (
        *(() if told.failure is None else (_failed(told.failure),)),
        *(_told_differently(difference) for difference in compare(ledger, told.entries)),
        *_unproved(told, ledger, trusted),
        *_misremembered(told, ledger),
    )


def _failed(failure: Exception) -> Doubt:
    return Doubt("failure", f"the replay failed: {failure}")


def _told_differently(difference: Difference) -> Doubt:
    return Doubt("difference", str(difference), difference.seq, difference)


def _unproved(
    told: Retelling, ledger: Sequence[Entry], trusted: Mapping[str, PublicJwk]
) -> Iterator[Doubt]:
    """Commands whose first entry carries no envelope of theirs, signed by a trusted key."""
    launch = fold(ledger).id
    commands = {command.id: command for command in told.commands}
    seen: set[str] = set()
    for entry in ledger:
        if entry.command is None or entry.command in seen:
            continue
        seen.add(entry.command)
        try:
            payload = verify(entry.jws or "", trusted)
            _check_signer(payload, entry, launch)
            if (command := commands.get(entry.command)) is not None:
                check_envelope(payload, command, launch)
        except (Forged, SignatureInvalid) as error:
            said = f"{entry.seq}: command {entry.command} is not proved: {error}"
            yield Doubt("signature", said, entry.seq)


def _check_signer(payload: Mapping[str, Any], entry: Entry, launch: str) -> None:
    said = (payload.get("command"), payload.get("person"), payload.get("launch"))
    if said != (entry.command, entry.actor, launch):
        raise Forged("the envelope is another command's")


def _misremembered(told: Retelling, ledger: Sequence[Entry]) -> Iterator[Doubt]:
    """Where the workflow's last state is not the fold of the ledger."""
    known = _ANYTHING.dump_python(fold(ledger), mode="json")
    last = _ANYTHING.dump_python(told.launch, mode="json")
    for path, ours, theirs in differing(known, last):
        said = f"state {path}: the ledger folds to {ours!r}, the replay ended with {theirs!r}"
        seq = ledger[-1].seq
        where = f"state.{path}".rstrip(".")
        yield Doubt("difference", said, seq, Difference(seq, where, ours, theirs))
