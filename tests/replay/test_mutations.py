"""A workflow that decides otherwise than it did is caught, also where Temporal sees nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.acts import Command
from domain.decide import Decision, decision
from domain.events import CommitmentDeclined, CommitmentRequested, CommitmentSigned, Entry
from domain.evolve import evolve
from domain.launch import Launch
from runtime.signing import public_jwk
from runtime.temporal import deployed_runner
from tests.replay.goldens import Golden, read
from tests.replay.telling import doubts, told
from tests.workflows.cast import key_of
from workflows import launch as launching

Entries = tuple[Entry, ...]
Mutation = Callable[[Entries], Entries]
RUNNER = deployed_runner()


def declined(entries: Entries) -> Entries:
    """Every signature is taken for a refusal."""

    def turned(entry: Entry) -> Entry:
        event = entry.event
        if not isinstance(event, CommitmentSigned):
            return entry
        later = entry.at + timedelta(hours=1)
        no = CommitmentDeclined(event.step, event.attempt, event.version, "no", later, later)
        return replace(entry, event=no)

    return tuple(turned(entry) for entry in entries)


def dropped(entries: Entries) -> Entries:
    """The last thing that follows from an act does not happen."""
    return entries[:-1] if len(entries) > 1 else entries


def reordered(entries: Entries) -> Entries:
    """What follows happens in another order."""
    if len(entries) < 3:
        return entries
    first, second, third = entries[:3]
    return (first, replace(third, seq=second.seq), replace(second, seq=third.seq), *entries[3:])


def of_other_terms(entries: Entries) -> Entries:
    """The digest that is asked for is of other terms."""
    return tuple(_requested(entry, digest="sha256:" + "0" * 64) for entry in entries)


def due_later(entries: Entries) -> Entries:
    """There is an hour more to answer."""
    return tuple(
        _requested(entry, answer_by=entry.event.answer_by + timedelta(hours=1))
        if isinstance(entry.event, CommitmentRequested)
        else entry
        for entry in entries
    )


def a_moment_later(entries: Entries) -> Entries:
    return tuple(replace(entry, at=entry.at + timedelta(microseconds=1)) for entry in entries)


def by_somebody_else(entries: Entries) -> Entries:
    return tuple(replace(entry, actor="deputy.product") for entry in entries)


def _requested(entry: Entry, **changed: object) -> Entry:
    if not isinstance(entry.event, CommitmentRequested):
        return entry
    return replace(entry, event=replace(entry.event, **changed))  # type: ignore[arg-type]


MUTATIONS = (
    declined,
    dropped,
    reordered,
    of_other_terms,
    due_later,
    a_moment_later,
    by_somebody_else,
)
UNSEEN = (due_later, a_moment_later, by_somebody_else)
"""What Temporal's own replayer lets pass: the commands are of the same kinds."""


@pytest.fixture
def golden() -> Golden:
    return read("declined-and-requested-again")


def decision_by(mutation: Mutation) -> Callable[..., Decision]:
    def mutated(launch: Launch | None, command: Command, now: datetime) -> Decision:
        entries = mutation(decision(launch, command, now).entries)
        after = launch
        for entry in entries:
            after = evolve(after, entry)
        assert after is not None
        return Decision(entries, after)

    return mutated


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_a_mutated_workflow_is_caught(
    golden: Golden, mutation: Mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "decision", decision_by(mutation))
    found = await doubts(golden, RUNNER)
    assert any("the ledger says" in doubt for doubt in found)


@pytest.mark.parametrize("mutation", UNSEEN)
async def test_temporal_alone_would_see_nothing(
    golden: Golden, mutation: Mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "decision", decision_by(mutation))
    assert (await told(golden, RUNNER)).failure is None


def signature(golden: Golden) -> Entry:
    return next(e for e in golden.ledger if isinstance(e.event, CommitmentSigned))


def with_signature(golden: Golden, **changed: object) -> Golden:
    """The ledger was changed after the fact, the history was not."""
    signed = signature(golden)
    changed_entry = replace(signed, **changed)  # type: ignore[arg-type]
    ledger = tuple(changed_entry if e is signed else e for e in golden.ledger)
    return replace(golden, ledger=ledger)


def with_other_key(golden: Golden) -> Golden:
    kid = next(iter(golden.keys))
    return replace(golden, keys={kid: {**public_jwk(key_of("another key")), "kid": kid}})


TAMPERED: dict[str, tuple[str, Callable[[Golden], Golden]]] = {
    "signed by nobody": ("is not proved", lambda g: with_signature(g, jws=None)),
    "signed for another act": ("is not proved", lambda g: with_signature(g, jws=g.ledger[0].jws)),
    "another signer": (".actor", lambda g: with_signature(g, actor="head.product")),
    "another signer, seen by the envelope": (
        "is not proved",
        lambda g: with_signature(g, actor="head.product"),
    ),
    "another time": (
        ".at",
        lambda g: with_signature(g, at=signature(g).at + timedelta(seconds=1)),
    ),
    "another command": (".command", lambda g: with_signature(g, command="another")),
    "no end": ("the ledger says None", lambda g: replace(g, ledger=g.ledger[:-1])),
    "an unknown key": ("is not trusted", lambda g: replace(g, keys={})),
    "another key": ("is not proved", with_other_key),
}


@pytest.mark.parametrize(("doubt", "tamper"), TAMPERED.values(), ids=TAMPERED)
async def test_a_ledger_that_was_tampered_with_is_doubted(
    golden: Golden, doubt: str, tamper: Callable[[Golden], Golden]
) -> None:
    assert any(doubt in found for found in await doubts(tamper(golden), RUNNER))
