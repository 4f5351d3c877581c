"""What a form of a page sends, and the same as a request of the API.

Names of fields are paths in the body: `terms.deliver_by`, `ratings[0].score`; a name that ends in
`[]` is a list with an entry for each line. An empty field is one that is not there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request

from api.bodies import LIMIT, Body, read_content
from api.intake.text import LARGEST_TEXT
from api.pages.reader import Reader
from api.problems import Problem, malformed
from api.replies import BASE
from api.submissions import KEY, Post

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
FIELDS: Final = 1000
LARGEST_FORM: Final = 3 * LARGEST_TEXT + 64 * 1024
"""A form writes an octet of text in up to three, here of a file of an organisation."""
OURS: Final = ("key", "as", "next", "at", "draft", "more", "was")
"""Fields of the page itself: the key, whose page it is, where to go on, what was looked at, which
draft is written on, which group of fields another one is wanted of, and what the form said before
anybody wrote in it.
"""

_MADE: Final = re.compile(
    r"seen|checked|do|editing|state|plan|fact|finding|token|launch|(\w+_)?digest"
    r"|ratings\[\d+\]\.condition|terms\.quantities\[\d+\]\.(pool|needed_by)|steps\[\d+\]\.own"
)
"""Fields that a page fills in itself, beside its own: they are sent on, and nobody reads them."""

_SECRET: Final = frozenset({"current", "password", "again"})
_OF_TEMPLATE: Final = re.compile(r"(steps\[\d+\]\.)key")
_PART: Final = re.compile(r"([a-z_]+)|\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, as they were sent; of fields of one name the last one."""

    fields: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, otherwise: str = "") -> str:
        return self.fields.get(name, otherwise)

    @property
    def said(self) -> dict[str, str]:
        """What a person filled in."""
        return {name: text for name, text in self.fields.items() if name not in OURS}

    @property
    def without_secrets(self) -> dict[str, str]:
        """All but passwords, which are typed again."""
        return {name: text for name, text in self.fields.items() if name not in _SECRET}

    @property
    def written(self) -> dict[str, str]:
        """What a person would know again as theirs: nothing empty, nothing that a page made."""
        return {
            name: text
            for name, text in self.said.items()
            if text.strip() and not _MADE.fullmatch(name) and not self._is_of_template(name)
        }

    def _is_of_template(self, name: str) -> bool:
        """Whether a field is the key of a step that the plan did not add itself."""
        match = _OF_TEMPLATE.fullmatch(name)
        return match is not None and f"{match[1]}own" not in self.fields

    @property
    def next(self) -> str:
        """Where to go on, if that is a page of ours."""
        return own_address(self.get("next"))


async def read_form(request: Request, limit: int = LIMIT) -> Form:
    """The form a request carries. Raises 400 or 413."""
    content = await read_content(request, limit)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and media != MEDIA_TYPE:
        raise malformed("This address takes forms only.")
    try:
        pairs = parse_qsl(
            content.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"
        )
    except ValueError as error:
        raise malformed("The form cannot be read.") from error
    form = Form({name: text.replace("\r\n", "\n") for name, text in pairs})
    request.state.form = form
    return form


def form_read(request: Request) -> Form | None:
    """The form that a request was found to carry, for whoever has to say that it was in vain."""
    found: Form | None = getattr(request.state, "form", None)
    return found


def own_address(address: str) -> str:
    """The address where it leads to a page of ours, else the first page."""
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_ours and address.isprintable() and " " not in address else "/"


def as_post(reader: Reader, form: Form, place: str, document: Mapping[str, Any]) -> Post:
    """The request of the API that a form stands for; `place` is its path below the base.

    Raises 409 for a form whose page somebody else opened in this browser.
    """
    demand_opener(reader, form)
    body = Body(json.dumps(document, ensure_ascii=False).encode(), dict(document))

    async def read() -> tuple[str, Body]:
        return key_of(form) if form.get("key") else "", body

    return Post(reader.office, reader.holder, "POST", f"{BASE}{place}", read)


def demand_opener(reader: Reader, form: Form) -> None:
    """Raise 409 for a form whose page somebody else opened in this browser."""
    opened_by = form.get("as")
    if opened_by and opened_by != reader.person:
        detail = "Somebody else is signed in with this browser now; nothing was done."
        figures = {"opened_by": opened_by, "signed_in": reader.person}
        raise Problem(409, "another_person", detail, figures=figures)


def key_of(form: Form) -> str:
    """The key that makes a form happen once, or 400 for what no page of ours sends."""
    key = form.get("key")
    if not KEY.fullmatch(key):
        raise malformed("The form lacks its key.")
    return key


def document_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The body that fields stand for."""
    document: dict[str, Any] = {}
    for name, text in fields.items():
        if not text.strip():
            continue
        is_list = name.endswith("[]")
        value = lines_of(text) if is_list else text
        _put(document, name.removesuffix("[]"), value)
    made: dict[str, Any] = _dense(document)
    return made


def lines_of(text: str) -> list[str]:
    """The lines of a text field that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _put(document: dict[str, Any], name: str, value: object) -> None:
    parts = [match[1] or int(match[2]) for match in _PART.finditer(name)]
    if not parts:
        return
    place: dict[Any, Any] = document
    for part in parts[:-1]:
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            raise malformed(f"The form says two things of {name[:60]}.")
    place[parts[-1]] = value


def _dense(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    """Groups whose keys are numbers become lists, in their order, without gaps."""
    if not isinstance(value, dict):
        return value
    inner = {key: _dense(item) for key, item in value.items()}
    if inner and all(isinstance(key, int) for key in inner):
        return [inner[key] for key in sorted(inner)]
    return inner
