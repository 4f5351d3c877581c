"""Judges a workbook before it is opened: the reader lays sheets out in memory as they claim.

A file of a few kilobytes can claim a cell in the last row and column, or unpack to gigabytes; the
reader would then end the process. What is passed on is small, and has cells only where a plan has.
"""

import io
import re
import zipfile
import zlib
from typing import Final

from api.intake.errors import WHOLE_DOCUMENT, FieldError, InvalidDocument
from api.intake.text import LARGEST_TEXT

MOST_ROWS: Final = 1000
MOST_COLUMNS: Final = 100
LARGEST_UNPACKED: Final = 16 * LARGEST_TEXT

_PLACE = re.compile(rb"""\sr\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"([A-Z]{0,2})([0-9]{1,4})")
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError)


def judge_archive(content: bytes) -> None:
    """Raise InvalidDocument for what is no workbook or could not be opened safely."""
    if len(content) > LARGEST_TEXT:
        raise refused("too_large", f"is larger than {LARGEST_TEXT // 1024} KiB")
    if not content.startswith(b"PK\x03\x04"):
        raise unreadable()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _judge(archive)
    except _BROKEN as wrong:
        raise unreadable() from wrong


def refused(code: str, message: str) -> InvalidDocument:
    return InvalidDocument([FieldError(WHOLE_DOCUMENT, code, message)])


def unreadable() -> InvalidDocument:
    return refused("unreadable_file", "is no workbook this reads; save it as .xlsx")


def _judge(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    plain = all(
        entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries
    )
    if not plain or len(names) != len(entries) or "xl/workbook.xml" not in names:
        raise unreadable()
    # The reader would take these for the other formats it knows, whose claims are not judged here.
    if names & {"mimetype", "xl/workbook.bin"}:
        raise unreadable()
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise refused("too_large", f"unpacks to more than {LARGEST_UNPACKED // 1024} KiB")
    for name in names:
        # Reading stops at the size the directory claims, which is bounded above.
        _judge_part(archive.read(name))


def _judge_part(part: bytes) -> None:
    """Sheets may stand under any name, but not without this element, nor in two-byte text."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise unreadable()
    places = _PLACE.findall(part) if b"sheetData" in part else ()
    if any(_is_far(double or single) for double, single in places):
        message = f"has cells beyond {MOST_ROWS} rows and {MOST_COLUMNS} columns"
        raise refused("too_large", message)


def _is_far(place: bytes) -> bool:
    """Whether a row or cell lies outside, or is written in a way no spreadsheet writes it."""
    cell = _CELL.fullmatch(place)
    if cell is None:
        return True
    column = 0
    for letter in cell[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(cell[2]) > MOST_ROWS or column > MOST_COLUMNS
