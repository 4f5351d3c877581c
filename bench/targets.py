"""What the figures must hold, and what was measured of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bench.result import Result


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for one field of the row with these values; nothing is said where there is none."""

    what: str
    section: str
    row: Mapping[str, object]
    field: str
    bound: Literal["at least", "at most"]
    limit: float

    @property
    def limit_text(self) -> str:
        return f"{self.bound} {self.limit:g}"

    def holds(self, measured: float) -> bool:
        return measured >= self.limit if self.bound == "at least" else measured <= self.limit


_AT_8: Final = {"stack": "sqlite", "clients": 8}
_AT_32: Final = {"stack": "sqlite", "clients": 32}
TARGETS: Final = (
    Target(
        "sign-offs at 8 clients on SQLite, of bare", "signing", _AT_8, "of_bare", "at least", 0.75
    ),
    Target("p50 at 8 clients on SQLite, of bare", "signing", _AT_8, "p50_of_bare", "at most", 1.4),
    Target("p99 at 32 clients on SQLite, of p50", "signing", _AT_32, "p99_of_p50", "at most", 3),
    *(
        Target(
            f"{read} with 10,000 launches on {name}, p50 ms",
            "reads",
            {"read": read, "database": database, "launches": 10_000},
            "p50",
            "at most",
            limit,
        )
        for read, limit in (("status", 5), ("list of 100", 20))
        for database, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL"))
    ),
    *(
        Target(
            f"{read} with 10,000 launches on {name}, p95 ms",
            "reads",
            {"read": read, "database": database, "launches": 10_000},
            "p95",
            "at most",
            100,
        )
        for read in ("inbox page", "launch page", "portfolio page")
        for database, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL"))
    ),
    Target(
        "worker memory for each of 2,000 open launches, KB",
        "memory",
        {"what": "as deployed", "open": 2_000},
        "kb",
        "at most",
        120,
    ),
    Target(
        "replay of 1,000 events, everything compared, ms",
        "replay",
        {"history": "long, with everything compared", "sandbox": "deployed"},
        "ms_per_1000",
        "at most",
        1_000,
    ),
    *(
        Target(
            f"{read} over 1,000 closed runs on {name}, p50 ms",
            "insights",
            {"read": read, "database": database},
            "p50",
            "at most",
            limit,
        )
        for read, limit in (("insights", 1_000), ("list of 100 reviews", 50))
        for database, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL"))
    ),
)


def held(result: Result) -> Iterator[tuple[Target, float]]:
    """Each target whose figure the result has, with that figure."""
    for target in TARGETS:
        for row in result["sections"].get(target.section, {"rows": ()})["rows"]:
            if target.row.items() <= row.items():
                yield target, row[target.field]
