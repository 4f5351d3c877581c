"""Figures over many closed runs, by interface and step, never by person; each with the number of
cases it rests on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Document = dict[str, Any]

LENGTHS: Final = {"answer": "answer", "delivery": "delivery", "acceptance": "judgement"}
REWORK: Final = ("countered", "amended", "voided", "rejected", "retracted", "renewed")
PROMISES: Final = ("promised", "kept", "kept_on_time", "broken", "excused")
ASKED: Final = ("asked", "declined", "silent", "overdue")
TROUBLE: Final = (*REWORK, "declined", "silent", "overdue", "broken", "held")
NINE_TENTHS: Final = 0.9
_Told: TypeAlias = tuple[Mapping[str, Any], Sequence[str] | None]
"""A step's part of a digest, and the factors of its run."""


@dataclass(frozen=True, slots=True)
class Run:
    """A closed run: its digest, and its post-mortem's factors; None where none is published."""

    digest: Mapping[str, Any]
    factors: Sequence[str] | None = None


def summary(runs: Sequence[Run]) -> Document:
    """`{cases, outcomes, interfaces, gates, stops, factors}`."""
    digests = [run.digest for run in runs]
    return {
        "cases": len(digests),
        "outcomes": _counted(digest["outcome"] for digest in digests),
        "interfaces": _interfaces(runs),
        "gates": _stretches([digest["held"] for digest in digests]),
        "stops": _stretches([digest["stops"] for digest in digests]),
        "factors": _factors(run.factors for run in runs),
    }


def _factors(named: Iterable[Sequence[str] | None]) -> Document:
    """How many published post-mortems there are, and how many of them name each factor."""
    told = [set(factors) for factors in named if factors is not None]
    counted = Counter(factor for factors in told for factor in factors)
    most_first = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "cases": len(told),
        "named": [{"factor": factor, "cases": cases} for factor, cases in most_first],
    }


def _interfaces(runs: Sequence[Run]) -> list[Document]:
    """One row for each interface and step, in the order in which runs first show them."""
    rows: dict[tuple[str, str], list[_Told]] = {}
    for run in runs:
        for step in run.digest["steps"]:
            rows.setdefault((step["interface"], step["step"]), []).append((step, run.factors))
    return [_row(*key, told) for key, told in rows.items()]


def _row(interface: str, step: str, told: Sequence[_Told]) -> Document:
    steps = [one for one, _ in told]
    counts: Counter[str] = Counter()
    for one in steps:
        counts.update(one["counts"])
    lengths = {
        shown: _lengths([pair for one in steps for pair in one["lengths"].get(kind, ())])
        for kind, shown in LENGTHS.items()
    }
    return {
        "interface": interface,
        "step": step,
        "cases": len(steps),
        **lengths,
        **{name: counts[name] for name in ASKED},
        "promises": {name: counts[name] for name in PROMISES},
        "rework": {name: counts[name] for name in REWORK},
        "factors": _factors(factors for one, factors in told if _is_in_trouble(one["counts"])),
    }


def _is_in_trouble(counts: Mapping[str, int]) -> bool:
    """Whether it came late, had to be done again, did not come, or held the gate: what a factor of
    the run may have to do with.
    """
    return any(counts.get(name) for name in TROUBLE)


def _lengths(pairs: Sequence[Sequence[float]]) -> Document:
    """Median and ninth decile, elapsed and of working days, in seconds; None without a case."""
    elapsed = sorted(pair[0] for pair in pairs)
    business = sorted(pair[1] for pair in pairs)
    return {
        "cases": len(pairs),
        "median_seconds": _quantile(elapsed, 0.5),
        "p90_seconds": _quantile(elapsed, NINE_TENTHS),
        "median_business_seconds": _quantile(business, 0.5),
        "p90_business_seconds": _quantile(business, NINE_TENTHS),
    }


def _stretches(lengths: Sequence[Sequence[float]]) -> Document:
    """In how many runs, how often, and how long it took."""
    every = sorted(length for run in lengths for length in run)
    return {
        "cases": sum(bool(run) for run in lengths),
        "times": len(every),
        "median_seconds": _quantile(every, 0.5),
        "p90_seconds": _quantile(every, NINE_TENTHS),
    }


def _quantile(ascending: Sequence[float], share: float) -> float | None:
    """The smallest value that so large a share of the cases does not exceed."""
    if not ascending:
        return None
    place = -(-share * len(ascending) // 1) - 1
    return ascending[max(0, int(place))]


def _counted(values: Iterable[str]) -> Document:
    counted = Counter(values)
    return {outcome: counted[outcome] for outcome in ("completed", "cancelled", "failed")}
