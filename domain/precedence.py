"""The order in which steps may run, from what each waits for: stable, and cycles are named.

Keys are in file order; where the chain leaves a choice, the earlier one comes first.
"""

from collections.abc import Mapping, Sequence

from domain.errors import ImpossibleCondition, Invalid


def ordered(after: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Keys so that each comes after all it waits for; keys on or behind a cycle are left out."""
    done: dict[str, None] = {}
    while True:
        ready = next((k for k in after if k not in done and all(b in done for b in after[k])), None)
        if ready is None:
            return tuple(done)
        done[ready] = None


def find_cycles(after: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Cycles without a key in common, each in the order of work: `b` waits for `a` → `("a", "b")`.

    Every cycle shares a key with one of those returned. Unknown keys are passed over.
    """
    found: list[tuple[str, ...]] = []
    left = dict(after)
    while cycle := _one_cycle(left):
        found.append(cycle)
        left = {key: before for key, before in left.items() if key not in cycle}
    return tuple(found)


def _one_cycle(after: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    known = {key: tuple(b for b in before if b in after) for key, before in after.items()}
    done = set(ordered(known))
    stuck = {key: [b for b in known[key] if b not in done] for key in known if key not in done}
    if not stuck:
        return ()
    # Every stuck key waits for a stuck key, so walking back must come round.
    walk = [next(iter(stuck))]
    while (before := stuck[walk[-1]][0]) not in walk:
        walk.append(before)
    backwards = walk[walk.index(before) :]
    first = min(backwards, key=list(after).index)
    turned = list(reversed(backwards))
    start = turned.index(first)
    return tuple(turned[start:] + turned[:start])


def waits_for(after: Mapping[str, Sequence[str]], step: str, other: str) -> bool:
    """Whether the step comes after the other one, directly or by steps between."""
    before = set(after[step])
    while found := {key for known in before for key in after[known]} - before:
        before |= found
    return other in before


def check_order(after: Mapping[str, Sequence[str]], step: str, other: str) -> None:
    """Raise Invalid or ImpossibleCondition where a signature of the step cannot wait for the other
    one: it does not exist, or comes only after that signature.
    """
    if other not in after:
        raise Invalid("condition.step", f"There is no step “{other}”.")
    if other == step or waits_for(after, other, step):
        message = f"“{other}” does not come before “{step}” is signed."
        raise ImpossibleCondition("condition.step", message)
