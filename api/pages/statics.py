"""The files pages are made of: read once, served under their digest, for ever.

Only what stood in `web/static` at the start is served; a name never leads anywhere else.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from api.problems import Problem

FOLDER: Final = Path(__file__).parents[2] / "web" / "static"
KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOREVER: Final = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class File:
    """One file, whole and compressed; `address` changes with its content."""

    address: str
    media_type: str
    content: bytes
    packed: bytes


@cache
def files() -> dict[str, File]:
    """Every file by its name below `web/static`, as `vendor/htmx.min.js`."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in KINDS)
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in found}


def address_of(name: str) -> str:
    """Where a page finds this file. KeyError where there is none."""
    return files()[name].address


def _read(path: Path) -> File:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    address = f"/static/{digest}/{path.relative_to(FOLDER).as_posix()}"
    return File(address, KINDS[path.suffix], content, gzip.compress(content, 9, mtime=0))


@router.get("/static/{digest}/{name:path}")
async def get_file(request: Request, digest: str, name: str) -> Response:  # noqa: ARG001
    """A file of this build; one of another build is gone, and its page loads anew."""
    file = files().get(name)
    if file is None or file.address != request.url.path:
        raise Problem(404, "no_such_address", "There is no such file in this build.")
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.content, headers=headers, media_type=file.media_type)
    headers["Content-Encoding"] = "gzip"
    return Response(file.packed, headers=headers, media_type=file.media_type)
