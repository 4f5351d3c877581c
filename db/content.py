"""What people said in acts of which an event tells only the outcome, held against what they signed.

A counter-offer's event holds the terms it led to, not the fields that were changed; what was
changed is made again from the launch it met. Pure functions over entries, as in `proof`.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from db.proof import Problem, Trusted
from domain.events import Entry
from domain.evolve import evolve
from domain.launch import Launch
from domain.recall import Untold, act_of
from domain.wordings import is_what_was_signed
from runtime.signing import SignatureInvalid, verify


def content_problems(launch: str, entries: Sequence[Entry], trusted: Trusted) -> Iterator[Problem]:
    """Acts that a trusted key signed with another content. What an event repeats word for word, and
    whether the key is trusted, `signed` has looked at.
    """
    last = max((place for place, entry in enumerate(entries) if _is_outcome(entry)), default=0)
    before: Launch | None = None
    for place, entry in enumerate(entries[: last + 1]):
        if before is not None and _is_outcome(entry):
            wrong = _wrong_with(before, entries[place:], trusted)
            if wrong is not None:
                yield Problem(launch, entry.seq, "signature", wrong)
        before = evolve(before, entry)


def _is_outcome(entry: Entry) -> bool:
    return entry.jws is not None and act_of(entry.event) is None


def _wrong_with(before: Launch, rest: Sequence[Entry], trusted: Trusted) -> str | None:
    first = rest[0]
    told = [e.event for e in takewhile(lambda e: e.command == first.command, rest)]
    try:
        envelope = verify(first.jws or "", trusted)
        is_told = is_what_was_signed(before, told, envelope)
    except SignatureInvalid:
        return None
    except Untold as error:
        return str(error)
    except (LookupError, TypeError, ValueError):
        return "the signature is for no act"
    return None if is_told else "the signature is for another content"
