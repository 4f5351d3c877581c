"""A ledger as a file that proves itself: written from the database, checked without any.

The first line says which keys are trusted and where each chain ends, signed; every other line is
one row, with everything its hash is made of, in the order of launches and seqs.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, BinaryIO, Final

from joserfc.jwk import OKPKey

from db import integrity, keys
from db.heads import Head, HeadsInvalid, heads, missing_below, read_heads, stated
from db.integrity import Verified
from db.proof import Columns, Problem, Trusted
from db.session import Database
from domain.canonical import canonical_text, rfc3339
from runtime.signing import PublicJwk, SignatureInvalid, verify

FORM: Final = "ledger"
VERSION: Final = 1
LONGEST_LINE: Final = 8 * 1024 * 1024
FILE: Final = "(file)"
"""Whose problem it is where it is no single launch's."""

_TEXTS: Final = ("launch", "type", "actor", "prev_hash", "hash")
_NULLABLE: Final = ("step", "command", "jws")
_NAMES: Final = {*_TEXTS, *_NULLABLE, "seq", "at", "data"}
_written = json.JSONEncoder(ensure_ascii=False).encode


class NoEvidence(ValueError):
    """The file is no export of a ledger, or one this version does not know."""


@dataclass(frozen=True, slots=True)
class Read:
    """What checking a file found; `own_keys` where nothing but the file vouches for its keys."""

    verified: Verified
    own_keys: bool


async def lines(
    database: Database, key: OKPKey, at: datetime, launch: str | None = None
) -> AsyncIterator[str]:
    """The lines of an export of all launches, or of this one, as they stood when it began."""
    async with database.read() as session:
        found = await heads(session, launch)
        published = await keys.published(session)
    yield _line(
        {
            "countersign": FORM,
            "version": VERSION,
            "keys": [{"jwk": dict(k.jwk), "endorsement": k.endorsement} for k in published],
            "heads": stated(found, key, at),
        }
    )
    for head in found:
        async with database.read() as session:
            record = await integrity.record(session, head.launch)
        for row in record.rows[: head.seq]:
            yield _row_line(row)


def check(
    file: BinaryIO, known: Trusted | None = None, earlier: Mapping[str, Any] | None = None
) -> Read:
    """Everything the file proves, by the `known` keys (None: its own), and that it holds all that
    `earlier` heads state. Raises NoEvidence, and HeadsInvalid for the earlier ones.
    """
    numbered = _documents(file)
    _, header = next(numbered, (0, None))
    opened = _opened(header, known)
    kept = () if earlier is None else read_heads(earlier, opened.trusted)
    reading = _Reading(opened, {head.launch: head for head in kept})
    for launch, rows in groupby(_rows(numbered, reading), key=lambda row: row["launch"]):
        reading.launch(launch, list(rows))
    reading.close()
    problems = tuple(reading.problems)
    verified = Verified(len(reading.seen), reading.entries, reading.signatures, problems)
    return Read(verified, own_keys=known is None)


def keys_of(document: object) -> Trusted:
    """The keys of a JWK set, as `GET /api/v1/keys` gives it. Raises NoEvidence."""
    listed = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(listed, list) or not all(_is_key(jwk) for jwk in listed) or not listed:
        raise NoEvidence("this is no set of public keys, as GET /api/v1/keys gives it")
    return {jwk["kid"]: jwk for jwk in listed}


@dataclass(frozen=True, slots=True)
class _Opened:
    """The first line, as far as it can be trusted. `heads` None: they are not."""

    trusted: Trusted
    heads: Mapping[str, Head] | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Reading:
    """Launch by launch through the file."""

    opened: _Opened
    earlier: Mapping[str, Head]
    problems: list[Problem] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    entries: int = 0
    signatures: int = 0

    def launch(self, launch: str, rows: Sequence[Columns]) -> None:
        if launch in self.seen:
            detail = "its rows stand in two places of the file"
            self.problems.append(Problem(launch, rows[0]["seq"], "reordered", detail))
            return
        self.seen.add(launch)
        self.entries += len(rows)
        self.signatures += sum(row["jws"] is not None for row in rows)
        record = integrity.Record(launch, tuple(rows), ())
        self.problems += integrity.told(record, self.opened.trusted).problems
        if launch in self.earlier:
            self.problems += missing_below(self.earlier[launch], rows, "the heads file")
        if self.opened.heads is not None:
            self.problems += _against_head(launch, self.opened.heads.get(launch), rows)

    def close(self) -> None:
        """Launches that should be there, and what the first line lacks."""
        stated = [
            (self.opened.heads or {}, "the export's own head"),
            (self.earlier, "the heads file"),
        ]
        for known, whose in stated:
            for launch in known.keys() - self.seen:
                self.problems += missing_below(known[launch], (), whose)
        self.problems[:0] = self.opened.problems


def _against_head(launch: str, head: Head | None, rows: Sequence[Columns]) -> Iterator[Problem]:
    """The chain ends exactly at its head."""
    if head is None:
        yield Problem(launch, None, "hash_mismatch", "the export's heads know no such launch")
        return
    yield from missing_below(head, rows, "the export's own head")
    if rows[-1]["seq"] > head.seq:
        detail = "it stands after the export's own head"
        yield Problem(launch, head.seq + 1, "hash_mismatch", detail)


def _opened(header: object, known: Trusted | None) -> _Opened:
    if not isinstance(header, Mapping) or header.get("countersign") != FORM:
        raise NoEvidence("this is no export of a ledger")
    if header.get("version") != VERSION:
        raise NoEvidence(f"this export has version {header.get('version')}; known is {VERSION}")
    try:
        published = [(key["jwk"], key["endorsement"]) for key in header["keys"]]
        trusted = _trusted(published, known)
    except (KeyError, TypeError) as error:
        raise NoEvidence("the keys in this export cannot be read") from error
    try:
        stated = read_heads(header.get("heads"), trusted)
    except HeadsInvalid as error:
        return _Opened(trusted, None, (Problem(FILE, None, "signature", str(error)),))
    return _Opened(trusted, {head.launch: head for head in stated}, ())


def _trusted(
    published: Sequence[tuple[PublicJwk, str | None]], known: Trusted | None
) -> dict[str, PublicJwk]:
    """The known keys, or the first of the file, and every further one that one of them endorses."""
    first = {jwk["kid"]: jwk for jwk, _ in published[:1]}
    trusted = dict(first if known is None else known)
    for jwk, endorsement in published:
        try:
            if verify(endorsement or "", trusted) == keys.endorsing(jwk):
                trusted[jwk["kid"]] = jwk
        except SignatureInvalid:
            continue
    return trusted


def _documents(file: BinaryIO) -> Iterator[tuple[int, object]]:
    """The lines with their numbers; None stands for one that is no JSON object."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        try:
            document = json.loads(line) if len(line) <= LONGEST_LINE else None
        except (ValueError, RecursionError):
            document = None
        yield number, document if isinstance(document, dict) else None


def _rows(numbered: Iterable[tuple[int, object]], reading: _Reading) -> Iterator[Columns]:
    for number, document in numbered:
        row = _row(document)
        if row is None:
            detail = f"line {number} is no row of a ledger"
            reading.problems.append(Problem(FILE, None, "edited", detail))
        else:
            yield row


def _row(document: object) -> Columns | None:
    """The row as the database would give it, or None."""
    if not isinstance(document, dict) or document.keys() != _NAMES:
        return None
    texts = all(isinstance(document[name], str) for name in (*_TEXTS, "at"))
    nullable = all(isinstance(document[name], str | None) for name in _NULLABLE)
    is_number = type(document["seq"]) is int
    if not (texts and nullable and is_number and isinstance(document["data"], dict)):
        return None
    try:
        at = datetime.fromisoformat(document["at"])
        data = canonical_text(document["data"])
        is_exact = rfc3339(at) == document["at"]
    except (ValueError, TypeError):
        return None
    return {**document, "at": at, "data": data} if is_exact else None


def _row_line(row: Columns) -> str:
    """The canonical text of `data` goes out as it stands."""
    head = {name: row[name] for name in ("launch", "seq", "type", *_NULLABLE, "actor")}
    tail = {"prev_hash": row["prev_hash"], "hash": row["hash"]}
    at = f'"at":{_written(rfc3339(row["at"]))},"data":{row["data"]}'
    return f"{_line(head)[:-2]},{at},{_line(tail)[1:]}"


def _line(document: Mapping[str, Any]) -> str:
    return f"{_written(document)}\n"


def _is_key(jwk: object) -> bool:
    return isinstance(jwk, dict) and all(isinstance(jwk.get(name), str) for name in ("kid", "x"))
