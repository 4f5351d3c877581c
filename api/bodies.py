"""Reading request bodies: bounded, strict JSON, every text storable.

FastAPI would parse and validate a body before anything of ours runs; the order of refusals asks
for 401 first and 404 before 422, so routes read their bodies through here.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.intake.errors import WHOLE_DOCUMENT, FieldError, join
from api.intake.plain import wrong_text
from api.problems import Problem, invalid, malformed
from api.wording import field_errors

LIMIT: Final = 64 * 1024
DEPTH: Final = 32
_LINGER_BYTES: Final = 16 * 1024 * 1024
_LINGER_SECONDS: Final = 2.0

BodyT = TypeVar("BodyT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Body:
    """A request body as it was read. `document` is what `content` says."""

    content: bytes
    document: dict[str, Any]

    def fingerprint(self, method: str, path: str) -> str:
        """What an idempotency key is bound to: blanks and the order of fields do not matter."""
        text = json.dumps([method, path, self.document], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


async def read_body(request: Request) -> Body:
    """The JSON object a request carries; nothing at all counts as `{}`. Raises 400 or 413."""
    content = await read_content(request)
    if not content:
        return Body(b"{}", {})
    _check_type(request.headers.get("content-type", ""))
    document = _parse(content)
    if not isinstance(document, dict):
        raise malformed("The body must be a JSON object.")
    return Body(content, document)


def validated(body: Body, shape: type[BodyT]) -> BodyT:
    """The body in its shape, or 422 with everything that is wrong."""
    if errors := unusable_texts(body.document):
        raise invalid(errors)
    try:
        return shape.model_validate_json(body.content)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise invalid(field_errors(found, known=shape.model_fields)) from error


def unusable_texts(document: object) -> tuple[FieldError, ...]:
    """An error for each text no database and no signature can hold, such as half a surrogate."""
    return tuple(
        FieldError(path or WHOLE_DOCUMENT, *wrong)
        for path, text in _texts(document)
        if (wrong := wrong_text(text))
    )


async def read_content(request: Request, limit: int = LIMIT) -> bytes:
    """What a request carries, as far as that is allowed. Raises 400 or 413."""
    declared = request.headers.get("content-length", "0")
    content = b""
    is_whole = False
    too_large = declared.isdecimal() and int(declared) > limit
    while not is_whole and not too_large:
        chunk, is_whole = await _chunk(request)
        content += chunk
        too_large = len(content) > limit
    if too_large:
        await _linger(request)
        message = f"A request may have {limit} bytes; this one has more."
        raise Problem(413, "too_large", message, figures={"limit": limit})
    return content


async def _chunk(request: Request) -> tuple[bytes, bool]:
    """The next part of the body, and whether it is the last one."""
    message = await request.receive()
    if message["type"] != "http.request":
        raise malformed("The body ended early.")
    return message.get("body", b""), not message.get("more_body", False)


async def _linger(request: Request) -> None:
    """Take in some of what is still coming, so that the client is able to read the answer."""
    taken, is_whole = 0, False
    with suppress(Problem, TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while taken < _LINGER_BYTES and not is_whole:
                chunk, is_whole = await _chunk(request)
                taken += len(chunk)


def _check_type(content_type: str) -> None:
    media = content_type.partition(";")[0].strip().lower()
    if media and media != "application/json" and not media.endswith("+json"):
        raise malformed(f"The body must be JSON (application/json), not {media[:60]}.")


def _parse(content: bytes) -> object:
    try:
        document = _DECODER.decode(content.decode())
    except UnicodeDecodeError as error:
        raise malformed(f"The body is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        message = f"The body is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise malformed(message) from error
    except RecursionError as error:
        raise malformed("The body is nested too deeply.") from error
    except ValueError as error:
        raise malformed(f"The body is not usable JSON: {error}.") from error
    if _depth_exceeds(document):
        raise malformed("The body is nested too deeply.")
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands in it twice")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return number


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_float
)


def _depth_exceeds(document: object) -> bool:
    level = [document]
    for _ in range(DEPTH):
        level = [
            child
            for value in level
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a document, field names included, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            place = join(path, key)
            yield place, key
            yield from _texts(item, place)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, join(path, index))
