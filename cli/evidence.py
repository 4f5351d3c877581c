"""The ledger as a file, its heads, and both checked without an installation."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from joserfc.jwk import OKPKey
from rich.console import Group, RenderableType
from rich.text import Text

from cli.database import on_database
from cli.failure import Failed
from cli.files import written
from cli.inspection import Found, chosen_launch, words_of_verification
from cli.options import read_settings
from db import evidence, heads
from db.evidence import NoEvidence
from db.heads import HeadsInvalid
from db.proof import Trusted
from db.session import Database
from runtime.keys import KeyFileInvalid, load


def export(reference: str | None, data_dir: Path | None, out: Path | None) -> None:
    """The whole ledger, or one launch of it. Nothing half stays where it fails."""
    key = _signing_key(data_dir)

    async def work(database: Database) -> None:
        launch = None if reference is None else await chosen_launch(database, reference)
        with written(out) as file:
            await _write(file, evidence.lines(database, key, datetime.now(UTC), launch))

    on_database(data_dir, work)


def state_heads(data_dir: Path | None, out: Path | None) -> None:
    """Every head of the ledger, signed."""
    key = _signing_key(data_dir)

    async def work(database: Database) -> None:
        async with database.read() as session:
            found = await heads.heads(session)
        save_json(heads.stated(found, key, datetime.now(UTC)), out)

    on_database(data_dir, work)


def save_json(document: Any, out: Path | None) -> None:  # noqa: ANN401 - any JSON
    """The document as it is kept."""
    with written(out) as file:
        file.write(f"{json.dumps(document, ensure_ascii=False, indent=1)}\n")


def verify_file(file: Path, keys: Path | None, earlier: Path | None) -> Found:
    """Counts and problems of an export, by nothing but the files named."""
    known = None if keys is None else _keys_of(keys)
    try:
        with file.open("rb") as opened:
            read = evidence.check(opened, known, document_of(earlier))
    except NoEvidence as error:
        raise Failed(f"{file}: {error}.") from error
    except HeadsInvalid as error:
        raise Failed(f"{earlier}: {error}.") from error
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}.") from error
    verified = read.verified
    return {
        "verified": not verified.problems,
        "keys": "of the file" if read.own_keys else "given",
        "launches": verified.launches,
        "entries": verified.entries,
        "signatures": verified.signatures,
        "problems": [asdict(problem) for problem in verified.problems],
    }


def words_of_file(found: Found) -> RenderableType:
    """With a warning where nobody but the file says whose keys these are."""
    words = words_of_verification(found)
    if found["keys"] == "given":
        return words
    note = (
        "The keys are the file's own: it is consistent, but who made it is not proved. "
        "Name the keys with --keys."
    )
    return Group(words, Text(note, "yellow"))


def document_of(file: Path | None) -> Any:  # noqa: ANN401 - any JSON, or nothing
    """What a JSON file says; `Failed` where it is none."""
    if file is None:
        return None
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise Failed(f"{file} is no JSON: {error}") from error


def _keys_of(file: Path) -> Trusted:
    try:
        return evidence.keys_of(document_of(file))
    except NoEvidence as error:
        raise Failed(f"{file}: {error}.") from error


async def _write(file: TextIO, lines: AsyncIterator[str]) -> None:
    async for line in lines:
        file.write(line)


def _signing_key(data_dir: Path | None) -> OKPKey:
    path = read_settings(data_dir=data_dir).signing_key
    try:
        return load(path)
    except (FileNotFoundError, KeyFileInvalid) as error:
        raise Failed(
            f"{path} holds no signing key: heads are signed by the installation."
        ) from error
