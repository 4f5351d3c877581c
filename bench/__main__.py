"""`make bench`: sign-offs per second and their latencies, beside the bare engine, in one run."""

import argparse
import asyncio
import json
import platform
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
from rich.console import Console
from rich.table import Table

from bench.load import Figures, drive
from bench.signing import PEOPLE, bare_runs, countersign_runs
from bench.stacks import Stacks, running

CLIENTS = {1: 8, 8: 24, 32: 64}
"""Numbers of clients, and the launches each number signs in one round: a few seconds' work, so
that the machine's speed is the same for both stacks.
"""
STACKS = {"bare": bare_runs, "countersign": countersign_runs}


async def measure(stacks: Stacks, rounds: int) -> list[dict[str, Any]]:
    """Both stacks in turn, round by round, each first in every other round, so that a slow moment
    of the machine hits both.
    """
    cells: list[dict[str, Any]] = []
    limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx2.AsyncClient(timeout=60, limits=limits) as client:
        for prepare in STACKS.values():
            await drive(await prepare(client, stacks, 8), 8)
        for number in range(rounds):
            order = tuple(STACKS) if number % 2 else tuple(reversed(STACKS))
            for clients, runs in CLIENTS.items():
                prepared = {name: await STACKS[name](client, stacks, runs) for name in order}
                for name in order:
                    figures = await drive(prepared[name], clients)
                    cells.append(
                        {"stack": name, "clients": clients, "round": number, **asdict(figures)}
                    )
                    print(f"{name:12} {clients:3} clients  {_line(figures)}", file=sys.stderr)
    return cells


def summary(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each stack and number of clients: medians over the rounds. `of_bare` is the
    median of each round's own ratio, because the machine's speed drifts between rounds.
    """
    rows = []
    for clients in CLIENTS:
        rounds = {name: _rounds(cells, name, clients) for name in STACKS}
        for name, mine in rounds.items():
            row: dict[str, Any] = {"stack": name, "clients": clients}
            for field in ("per_second", "p50", "p95", "p99"):
                row[field] = round(median(cell[field] for cell in mine), 1)
            pairs = zip(mine, rounds["bare"], strict=True)
            row["of_bare"] = round(median(a["per_second"] / b["per_second"] for a, b in pairs), 2)
            rows.append(row)
    return rows


def _rounds(cells: list[dict[str, Any]], stack: str, clients: int) -> list[dict[str, Any]]:
    return [cell for cell in cells if cell["stack"] == stack and cell["clients"] == clients]


def show(rows: list[dict[str, Any]]) -> None:
    """The table a person reads."""
    table = Table(title="Sign-offs, five to a launch (median of the rounds)")
    for heading in ("stack", "clients", "per second", "of bare", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "stack" else "right")
    for row in rows:
        fields = ("stack", "clients", "per_second", "of_bare", "p50", "p95", "p99")
        table.add_row(*(str(row[field]) for field in fields))
    Console().print(table)


def _line(figures: Figures) -> str:
    return (
        f"{figures.per_second:7.1f}/s  p50 {figures.p50:6.1f}  "
        f"p95 {figures.p95:6.1f}  p99 {figures.p99:6.1f} ms"
    )


async def _run(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "installation", PEOPLE) as stacks:
            cells = await measure(stacks, arguments.rounds)
    rows = summary(cells)
    show(rows)
    if arguments.out:
        machine = {"python": platform.python_version(), "processor": platform.machine()}
        result = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine,
            "summary": rows,
            "cells": cells,
        }
        arguments.out.write_text(json.dumps(result, indent=1) + "\n")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="rounds over both stacks")
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
