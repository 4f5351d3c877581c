"""One run's result as a JSON document: the machine, and each section's cells and rows.

It names no host and no path, so that it can be kept in the repository: one for each release.
"""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psutil

from bench.section import Cell, Section

RESULTS: Final = Path(__file__).resolve().parent / "results"
DIGITS: Final = 3

Result = dict[str, Any]


def head(*, quick: bool) -> Result:
    """What holds for all sections; these are filled in as they are done."""
    return {
        "version": version("countersign"),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": machine(),
        "sections": {},
    }


def machine() -> dict[str, Any]:
    """What decides how fast it is, and nothing that tells which one it is."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": _processor(),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3),
    }


def section_of(section: Section, cells: Sequence[Cell], seconds: float) -> dict[str, Any]:
    kept = [{name: _rounded(value) for name, value in cell.items()} for cell in cells]
    return {"seconds": round(seconds), "rows": section.summary(cells), "cells": kept}


def text_of(result: Result) -> str:
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> Result:
    result: Result = json.loads(path.read_text(encoding="utf-8"))
    return result


def newest(folder: Path = RESULTS) -> Path:
    """The result of the newest release. Raises FileNotFoundError where there is none."""
    kept = sorted(folder.glob("*.json"), key=lambda path: _release(path.stem))
    if not kept:
        raise FileNotFoundError(f"{folder.name} holds no result; `make bench` writes one")
    return kept[-1]


def _release(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


def _rounded(value: object) -> object:
    return round(value, DIGITS) if isinstance(value, float) else value


def _processor() -> str:
    """Its name, where the system tells one."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
