"""`countersign doctor`: what is wrong with this installation, and what to do about it.

Looks only: it makes no directory, starts nothing, changes no file.
"""

import asyncio
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import typer
from pydantic import ValidationError

from cli.finding import Finding
from cli.options import AsJson, DataDir, explain
from runtime.settings import Settings

MARKS = {"ok": "✓", "wrong": "✗", "off": "–"}


def doctor(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Say what is wrong with the installation and what to do. Exit code 1 if something is."""
    findings = examine(data_dir)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        show(findings)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def examine(data_dir: Path | None) -> tuple[Finding, ...]:
    """Wrong settings are the first finding and, because all else depends on them, the last."""
    from cli import diagnosis  # noqa: PLC0415 - loads only for this command

    try:
        settings = Settings() if data_dir is None else Settings(data_dir=data_dir)
    except ValidationError as error:
        return (Finding("settings", "wrong", explain(error), "Correct these variables."),)
    return asyncio.run(diagnosis.all_findings(settings, os.environ))


def show(findings: Iterable[Finding]) -> None:
    for finding in findings:
        typer.echo(f"{MARKS[finding.state]} {finding.check}: {finding.detail}")
        if finding.advice:
            typer.echo(f"  → {finding.advice}")
