"""Figures over many closed runs, by interface and step, never by person; each with the number of
cases it rests on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Document = dict[str, Any]

LENGTHS: Final = {"answer": "answer", "delivery": "delivery", "acceptance": "judgement"}
REWORK: Final = ("countered", "amended", "voided", "rejected", "retracted", "renewed")
PROMISES: Final = ("promised", "kept", "kept_on_time", "broken", "excused")
ASKED: Final = ("asked", "declined", "silent", "overdue")
NINE_TENTHS: Final = 0.9


def summary(digests: Sequence[Mapping[str, Any]], factors: Iterable[Sequence[str]]) -> Document:
    """`{cases, outcomes, interfaces, gates, stops, factors}`; `factors` are those of each published
    post-mortem of these runs.
    """
    told = [set(named) for named in factors]
    return {
        "cases": len(digests),
        "outcomes": _counted(digest["outcome"] for digest in digests),
        "interfaces": _interfaces(digests),
        "gates": _stretches([digest["held"] for digest in digests]),
        "stops": _stretches([digest["stops"] for digest in digests]),
        "factors": {
            "cases": len(told),
            "named": [
                {"factor": factor, "cases": cases}
                for factor, cases in sorted(
                    Counter(f for named in told for f in named).items(), key=lambda p: (-p[1], p[0])
                )
            ],
        },
    }


def _interfaces(digests: Sequence[Mapping[str, Any]]) -> list[Document]:
    """One row for each interface and step, in the order in which runs first show them."""
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for digest in digests:
        for step in digest["steps"]:
            rows.setdefault((step["interface"], step["step"]), []).append(step)
    return [_row(*key, steps) for key, steps in rows.items()]


def _row(interface: str, step: str, steps: Sequence[Mapping[str, Any]]) -> Document:
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
    }


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
