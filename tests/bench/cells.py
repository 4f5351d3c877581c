"""Cells of every section as they are measured, with figures that are easy to follow."""

from itertools import product

from bench.result import Result, head, section_of
from bench.section import Cell
from bench.sections import SECTIONS

STACKS = ("bare", "bare-http", "sqlite", "postgresql")
DATABASES = ("sqlite", "postgresql")
WHOLE = "long, with everything compared"


def turns(clients: tuple[int, ...], rounds: int) -> list[Cell]:
    """Round r runs at 1/r of the speed of the first; the stacks at 4, 2, 1.5 and 1 of it."""
    cells: list[Cell] = []
    for number, many in product(range(rounds), clients):
        for stack, speed in zip(STACKS, (4.0, 2.0, 1.5, 1.0), strict=True):
            slow = number + 1
            p50 = 20 / speed * slow
            latencies = {"p50": p50, "p95": p50 * 2, "p99": p50 * 3}
            head_: Cell = {"stack": stack, "clients": many, "round": number, "requests": 40}
            cells.append({**head_, "per_second": 100 * speed / slow, **latencies})
    return cells


def reads() -> list[Cell]:
    return [
        {
            "read": read,
            "database": database,
            "launches": launches,
            "requests": 30,
            "per_second": 500.0,
            "p50": launches / 10_000,
            "p95": 4.0,
            "p99": 5.0,
        }
        for launches, database, read in product(
            (10_000, 100_000), DATABASES, ("status", "list of 100")
        )
    ]


def memory() -> list[Cell]:
    sign_off = {"requests": 50, "per_second": 90.0, "p50": 60.0, "p95": 80.0, "p99": 95.0}
    return [
        {"what": "as deployed", "open": 500, "kb": 101.26},
        {"what": "as deployed", "open": 2_000, "kb": 99.0},
        {"what": "Python objects", "open": 300, "kb": 80.0},
        {"what": "of it, by workflows/launch.py", "open": 300, "kb": 30.0},
        *(
            {"what": "sign-off", "open": 2_050, **sign_off, "p50": p50}
            for p50 in (60.0, 70.0, 61.0)
        ),
    ]


CELLS: dict[str, list[Cell]] = {
    "signing": turns((1, 8, 32), 3),
    "starts": turns((1, 8), 2),
    "reads": reads(),
    "up": [
        {"start": start, "round": number, "ready": 3.0 + number, "stopped": 1.0}
        for number, start in product(range(3), ("first", "second"))
    ],
    "memory": memory(),
    "ledger": [
        {"database": database, "launches": 100, "entries": 2_000, "work": work, "seconds": 4.0}
        for database, work in product(DATABASES, ("verify", "rebuild"))
    ],
    "replay": [
        {"history": name, "sandbox": box, "launches": 2, "events": 500, "seconds": 0.1}
        for name, box in product(("recorded", "long", WHOLE), ("deployed", "strict"))
    ],
}


CELLS["insights"] = [
    {
        "read": read,
        "database": database,
        "runs": 1_048,
        "requests": 60,
        "per_second": 10.0,
        "p50": 40.0,
        "p95": 50.0,
        "p99": 60.0,
    }
    for read, database in product(("insights", "list of 100 reviews"), DATABASES)
]


def result() -> Result:
    """A whole result."""
    found = head(quick=False)
    for section in SECTIONS:
        found["sections"][section.name] = section_of(section, CELLS[section.name], 12.3)
    return found
