import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.story import act, as_document, code_of, shown, started
from tests.stack import Stack

DEEP = b'{"reason": ' + b"[" * 2000 + b"]" * 2000 + b"}"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b"[]",
        b'"text"',
        b"null",
        b'{"reason": "a", "reason": "b"}',
        b'{"reason": {"x": 1, "x": 2}}',
        b'{"reason": NaN}',
        b'{"reason": Infinity}',
        b'{"reason": -Infinity}',
        b'{"reason": 1e999}',
        b'{"reason": ' + b"9" * 5000 + b"}",
        b'{"reason": "\xff"}',
        b'\xef\xbb\xbf{"reason": "x"}',
        b"\xff\xfe{\x00}\x00",
        DEEP,
        b'{"reason": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"reason": "x"} trailing',
        b'{"reason": "line\nbreak"}',
    ],
)
async def test_malformed_bodies(stack: Stack, body: bytes) -> None:
    launch = await started(stack)
    answer = await stack.post(f"/launches/{launch['id']}/stop", body, "sponsor")
    assert answer.status_code == 400
    assert code_of(answer) == "malformed"
    assert await shown(stack, launch["id"]) == launch


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "garbage"])
async def test_only_json_is_read(stack: Stack, kind: str) -> None:
    launch = await started(stack)
    path = f"/launches/{launch['id']}/stop"
    headers = {"Content-Type": kind}
    answer = await stack.request("POST", path, "sponsor", headers=headers, content=b"reason=x")
    assert code_of(answer) == "malformed"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"reason": "missing"}),
        ({"reason": None}, {"reason": "wrong_type"}),
        ({"reason": 7}, {"reason": "wrong_type"}),
        ({"reason": True}, {"reason": "wrong_type"}),
        ({"reason": ["x"]}, {"reason": "wrong_type"}),
        ({"reason": ""}, {"reason": "too_short"}),
        ({"reason": " \t"}, {"reason": "missing"}),
        ({"reason": "x" * 4001}, {"reason": "too_long"}),
        ({"reason": "a\x00b"}, {"reason": "bad_text"}),
        ({"reason": "half \ud800 a pair"}, {"reason": "bad_text"}),
        ({"reason": "x", "resaon": "y"}, {"resaon": "unknown_field"}),
        ({"resaon": "y"}, {"reason": "missing", "resaon": "unknown_field"}),
        ({"reason": "x", "": 1}, {'""': "unknown_field"}),
        ({"reason": "x", "\ud800": 1}, {"\\ud800": "bad_text"}),
    ],
)
async def test_invalid_bodies(stack: Stack, body: dict[str, Any], fields: dict[str, str]) -> None:
    launch = await started(stack)
    answer = await act(stack, launch, "stop", body, "sponsor")
    assert answer.status_code == 422
    assert code_of(answer) == "invalid"
    errors = as_document(answer)["errors"]
    assert {error["field"]: error["code"] for error in errors} == fields
    assert all(error["message"] for error in errors)
    assert await shown(stack, launch["id"]) == launch


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("acknowledge", {"answer_by": "2026-12-01"}, "answer_by"),
        ("acknowledge", {"answer_by": "2026-12-01T10:00:00"}, "answer_by"),
        ("acknowledge", {"answer_by": "2026-02-30T10:00:00Z"}, "answer_by"),
        ("acknowledge", {"answer_by": "9999-12-31T23:59:59Z"}, "answer_by"),
        ("acknowledge", {"answer_by": "0001-01-01T00:00:00+14:00"}, "answer_by"),
        ("acknowledge", {"answer_by": 1764583200}, "answer_by"),
        ("acknowledge", {"answer_by": "1764583200"}, "answer_by"),
        ("report", {"evidence": "x", "link": "javascript:alert(1)"}, "link"),
        ("report", {"evidence": "x", "link": "https://"}, "link"),
        ("accept", {"ratings": [{"condition": "c", "score": 6}]}, "ratings[0].score"),
        ("accept", {"ratings": [{"condition": "c", "score": "5"}]}, "ratings[0].score"),
        ("accept", {"ratings": [{"condition": "c", "score": 4.5}]}, "ratings[0].score"),
        ("accept", {"ratings": [{"condition": "c", "score": 10**30}]}, "ratings[0].score"),
        ("accept", {"ratings": {}}, "ratings"),
        ("accept", {"ratings": [{"condition": "c", "score": 1}] * 51}, "ratings"),
        (
            "request",
            {"reason": "x", "terms": {"quantities": [{"pool": "p", "quantity": 0}]}},
            "terms.quantities[0].quantity",
        ),
        ("request", {"reason": "x", "terms": {"digest": "x"}}, "terms.digest"),
        ("sign", {"terms_digest": "x", "condition": {}}, "condition.by"),
        ("counter", {"reason": "x", "terms": {"digest": "x"}}, "terms.digest"),
    ],
)
async def test_fields_of_acts(stack: Stack, name: str, body: dict[str, Any], field: str) -> None:
    launch = await started(stack)
    answer = await act(stack, launch, f"product/{name}", body, "lead.product")
    assert code_of(answer) == "invalid"
    assert [error["field"] for error in as_document(answer)["errors"]] == [field]


async def test_a_declared_length_is_believed_before_anything_is_read(stack: Stack) -> None:
    launch = await started(stack)
    body = json.dumps({"reason": "x" * 70_000}).encode()
    answer = await stack.post(f"/launches/{launch['id']}/stop", body, "sponsor")
    assert answer.status_code == 413
    assert code_of(answer) == "too_large"
    assert answer.json()["figures"] == {"limit": 64 * 1024}


async def test_a_body_without_declared_length_is_cut_off(stack: Stack) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"reason": "'
        for _ in range(200):
            yield b"x" * 1000
        yield b'"}'

    launch = await started(stack)
    path = f"/launches/{launch['id']}/stop"
    headers = {"Content-Type": "application/json"}
    answer = await stack.request("POST", path, "sponsor", headers=headers, content=chunks())
    assert code_of(answer) == "too_large"


async def test_a_body_just_inside_the_limit_is_read(stack: Stack) -> None:
    launch = await started(stack)
    body = json.dumps({"reason": "fine"}).encode()
    padded = body + b" " * (64 * 1024 - len(body))
    path = f"/launches/{launch['id']}/stop"
    assert (await stack.post(path, padded, "sponsor")).status_code == 200
    assert code_of(await stack.post(path, padded + b" ", "sponsor")) == "too_large"


@pytest.mark.parametrize("length", [10, 500_000])
async def test_a_lying_content_length_changes_nothing(stack: Stack, length: int) -> None:
    launch = await started(stack)
    port = stack.settings.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /api/v1/launches/{launch['id']}/stop HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {stack.tokens['sponsor']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
    writer.write(head.encode() + b'{"reason": "longer than ten bytes"}')
    writer.write_eof()
    answer = await reader.read()
    assert b" 200 " not in answer.partition(b"\r\n")[0]
    writer.close()
    assert (await shown(stack, launch["id"]))["stopped"] is False


@pytest.mark.parametrize("key", ["", "x" * 201, "schlüssel".encode().decode("latin-1"), "a\tb"])
async def test_keys_are_printable_ascii(stack: Stack, key: str) -> None:
    launch = await started(stack)
    path = f"/launches/{launch['id']}/stop"
    raw = [
        (b"Authorization", f"Bearer {stack.tokens['sponsor']}".encode()),
        (b"Content-Type", b"application/json"),
        (b"Idempotency-Key", key.encode("latin-1")),
    ]
    answer = await stack.http.post(f"/api/v1{path}", headers=raw, content=b'{"reason": "x"}')
    assert answer.status_code == 400
    assert (await shown(stack, launch["id"]))["stopped"] is False


@pytest.mark.parametrize(
    "path",
    [
        "/launches/%00",
        "/launches/%ED%A0%80",
        "/launches/..%2f..%2fetc",
        "/launches/" + "x" * 5000,
        "/launches/%00/events",
        "/commands/%00",
        "/escalations/%00",
        "/launches/a%0ab",
        "/nowhere",
    ],
)
async def test_odd_addresses_are_not_found(stack: Stack, path: str) -> None:
    answer = await stack.get(path)
    assert answer.status_code == 404
    assert code_of(answer).startswith("no_such_")
    posted = await stack.post(f"{path}/steps/%00/sign", {"terms_digest": "x"})
    assert posted.status_code == 404


async def test_an_address_has_its_methods(stack: Stack) -> None:
    answer = await stack.request("DELETE", "/launches", "admin")
    assert answer.status_code == 405
    assert code_of(answer) == "method_not_allowed"
    assert answer.headers["allow"]
