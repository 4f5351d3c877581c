"""An export proves itself, and betrays whatever was done to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from db import evidence, keys
from db.evidence import NoEvidence, Read
from db.heads import HeadsInvalid, heads, missing_below, read_heads, stated
from db.integrity import since, verify
from db.ledger import GENESIS, row_hash
from db.session import Database
from domain.acts import AcceptCounter, Counter
from domain.canonical import canonical_text
from domain.plan_change import PlanChange
from runtime.signing import generate_key, public_jwk, sign
from tests.db.story import JWK, KEY, Story, signed_story, stalled_story, write
from tests.plans import at

Line = dict[str, Any]
TRUSTED = {JWK["kid"]: JWK}


@dataclass
class Export:
    """The lines of an export, to be changed and checked."""

    lines: list[Line]

    def check(self, **given: Any) -> Read:  # noqa: ANN401 - passed on
        text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in self.lines)
        return evidence.check(BytesIO(text.encode()), **{"known": TRUSTED, **given})

    def found(self, **given: Any) -> set[tuple[str, int | None, str]]:  # noqa: ANN401 - passed on
        return {(p.launch, p.seq, p.kind) for p in self.check(**given).verified.problems}

    def of(self, launch: str) -> list[Line]:
        return [line for line in self.lines[1:] if line["launch"] == launch]

    def rehash(self, launch: str) -> None:
        """Chain the rows of a launch anew, as somebody would who knows how."""
        before = GENESIS
        for row in self.of(launch):
            row["prev_hash"] = before
            text = canonical_text(row["data"])
            row["hash"] = before = row_hash(
                {**row, "data": text, "at": datetime.fromisoformat(row["at"])}
            )


@pytest.fixture
async def export(database: Database) -> Export:
    """Two launches: L1 all signed, L2 begun."""
    await write(database, signed_story())
    await write(database, stalled_story("L2"))
    return await exported(database)


async def exported(database: Database, launch: str | None = None) -> Export:
    lines = [json.loads(line) async for line in evidence.lines(database, KEY, at(900), launch)]
    return Export(lines)


async def test_what_nobody_touched_is_whole(export: Export, database: Database) -> None:
    read = export.check()
    assert read.verified.problems == ()
    assert (read.verified.launches, read.own_keys) == (2, False)
    assert read.verified.entries == len(export.lines) - 1
    assert read.verified.signatures >= 6
    one = await exported(database, "L2")
    assert {line["launch"] for line in one.lines[1:]} == {"L2"}
    assert one.found() == set()


async def test_a_plan_that_was_offered_for_a_step_is_proved_by_its_acceptance(
    database: Database,
) -> None:
    story = Story()
    theme = PlanChange(("theme",), theme="spring")
    story.act("lead.product", Counter("product", None, "It is spring.", theme))
    story.act("planner.personal", AcceptCounter("product", story.launch.step("product").digest))
    assert story.launch.plan.theme == "spring"
    await write(database, story)
    assert (await verify(database)).problems == ()
    assert (await exported(database)).found() == set()


async def test_without_other_keys_it_is_only_consistent(export: Export) -> None:
    read = export.check(known=None)
    assert read.verified.problems == ()
    assert read.own_keys


Tamper = Callable[[Export], object]


def edit(export: Export) -> None:
    export.lines[3]["data"]["note"] = "no"


def edit_and_rehash(export: Export) -> None:
    export.of("L1")[2]["data"]["note"] = "something else"
    export.rehash("L1")


def cut(export: Export) -> None:
    del export.lines[export.lines.index(export.of("L1")[-1])]


def append(export: Export) -> None:
    last = export.of("L2")[-1]
    more = {**last, "seq": last["seq"] + 1, "type": "LaunchStopped", "command": None, "jws": None}
    export.lines.append(
        {**more, "actor": "system", "step": None, "data": {"reason": "x", "role": "x"}}
    )
    export.rehash("L2")


def swap_signatures(export: Export) -> None:
    ours = next(row for row in export.of("L1") if row["jws"] and row["seq"] > 1)
    ours["jws"] = export.of("L2")[0]["jws"]
    export.rehash("L1")


def forge_terms(export: Export) -> None:
    for row in export.of("L1"):
        if "terms" in row["data"]:
            row["data"]["terms"]["deliverable"] = "Nothing"
    export.rehash("L1")


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (edit, ("L1", 3, "edited")),
        (edit_and_rehash, ("L1", None, "hash_mismatch")),
        (cut, ("L1", None, "missing")),
        (append, ("L2", None, "hash_mismatch")),
        (swap_signatures, ("L1", None, "signature")),
        (forge_terms, ("L1", 2, "edited")),
        (lambda e: e.lines.pop(3), ("L1", 3, "missing")),
        (lambda e: e.lines.pop(1), ("L1", 1, "missing")),
        (lambda e: e.lines.insert(4, e.lines[3]), ("L1", 3, "edited")),
        (lambda e: e.lines.append(e.lines[2]), ("L1", 2, "reordered")),
        (lambda e: e.lines.__setitem__(slice(1, None), e.of("L2")), ("L1", 1, "missing")),
        (lambda e: e.lines[2].pop("actor"), (evidence.FILE, None, "edited")),
        (lambda e: e.lines[2].update(seq="2"), (evidence.FILE, None, "edited")),
        (lambda e: e.lines[2].update(at="2026-11-02"), (evidence.FILE, None, "edited")),
        (lambda e: e.lines[0]["heads"]["heads"].pop(), (evidence.FILE, None, "signature")),
    ],
)
async def test_whatever_was_done_to_it_is_named(
    export: Export, tamper: Tamper, expected: tuple[str, int | None, str]
) -> None:
    tamper(export)
    launch, seq, kind = expected
    found = export.found()
    assert any(f[0] == launch and f[2] == kind and seq in (None, f[1]) for f in found), found


async def test_who_writes_everything_anew_lacks_the_key(export: Export) -> None:
    """A forger's own keys and heads are consistent, and trusted by nobody who knows the keys."""
    forger = generate_key()
    edit_and_rehash(export)
    rows = export.of("L1")
    head = {"launch": "L1", "code": "FT-TOPUP", "seq": rows[-1]["seq"], "hash": rows[-1]["hash"]}
    known = [h if h["launch"] != "L1" else head for h in export.lines[0]["heads"]["heads"]]
    statement = {"at": "2026-11-02T01:00:00Z", "heads": known}
    export.lines[0]["heads"] |= {**statement, "jws": sign(statement, forger)}
    assert (evidence.FILE, None, "signature") in export.found()
    jwk = public_jwk(forger)
    export.lines[0]["keys"] = [{"jwk": jwk, "endorsement": None}]
    assert {kind for _, _, kind in export.found()} == {"signature"}


async def test_a_later_key_counts_when_a_trusted_one_endorses_it(database: Database) -> None:
    await write(database, stalled_story("L2"))
    later = generate_key()
    endorsed = sign(keys.endorsing(public_jwk(later)), KEY)
    async with database.write() as session:
        await keys.trust(session, public_jwk(later), at=at(5), endorsement=endorsed)
    lines = [json.loads(line) async for line in evidence.lines(database, later, at(900))]
    export = Export(lines)
    assert export.found() == set()
    export.lines[0]["keys"][1]["endorsement"] = None
    assert (evidence.FILE, None, "signature") in export.found()


async def test_heads_kept_elsewhere_betray_a_cut_tail(database: Database) -> None:
    story = Story()
    await write(database, story)
    async with database.read() as session:
        earlier = stated(await heads(session), KEY, at(1))
    export = await exported(database)
    assert export.found(earlier=earlier) == set()
    assert await since(database, earlier) == []
    del export.lines[-1]
    rows = export.of(story.id)
    ends = [{"launch": story.id, "code": story.code, "seq": len(rows), "hash": rows[-1]["hash"]}]
    statement = {"at": "2026-11-02T01:00:00Z", "heads": ends}
    export.lines[0]["heads"] |= {**statement, "jws": sign(statement, KEY)}
    assert export.found() == set(), "even with the installation's own key"
    [problem] = export.check(earlier=earlier).verified.problems
    assert (problem.launch, problem.seq, problem.kind) == (story.id, len(rows) + 1, "missing")


async def test_heads_are_what_a_trusted_key_said(database: Database) -> None:
    await write(database, signed_story())
    async with database.read() as session:
        found = await heads(session)
    document = stated(found, KEY, at(1))
    assert read_heads(document, TRUSTED) == found
    [head] = found
    [lost] = missing_below(head, (), "it")
    assert (lost.seq, lost.kind) == (1, "missing")
    documents: tuple[object, ...] = (
        {},
        [],
        None,
        {**document, "version": 2},
        {**document, "jws": "x"},
        {**document, "heads": []},
        {**document, "at": "2026-01-01T00:00:00Z"},
    )
    for wrong in documents:
        with pytest.raises(HeadsInvalid):
            read_heads(wrong, TRUSTED)
    with pytest.raises(HeadsInvalid):
        read_heads(document, {})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no export"),
        (b"\n", "no export"),
        (b"{}\n", "no export"),
        (b"\xff\xfe\n", "no export"),
        (b'{"countersign": "ledger", "version": 9}\n', "version 9"),
        (b'{"countersign": "ledger", "version": 1}\n', "keys"),
        (b'{"countersign": "ledger", "version": 1, "keys": [7]}\n', "keys"),
        (b"[" * 100_000, "no export"),
    ],
)
def test_what_is_no_export_is_said_to_be_none(content: bytes, says: str) -> None:
    with pytest.raises(NoEvidence, match=says):
        evidence.check(BytesIO(content))


@pytest.mark.parametrize("wrong", [None, [], {}, {"keys": []}, {"keys": [{"kid": 1}]}])
def test_what_are_no_keys_is_said_to_be_none(wrong: object) -> None:
    with pytest.raises(NoEvidence):
        evidence.keys_of(wrong)
