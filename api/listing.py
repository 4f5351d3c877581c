"""Lists on the wire: how much of them, from where, and their one shape."""

import json
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response
from pydantic import AfterValidator

from api.intake.errors import Faults, shown
from api.intake.fields import refuse
from api.intake.plain import wrong_text
from api.replies import json_text

LIMIT_MOST: Final = 100
LIMIT_DEFAULT: Final = 50

Limit = Annotated[int, Query(ge=1, le=LIMIT_MOST, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=2000, description="`next_cursor` of the page before, with the same filters."),
]


def storable(text: str | None) -> str | None:
    """The text itself, refused where no database could hold it."""
    if text is not None and (wrong := wrong_text(text)):
        raise refuse(*wrong)
    return text


Filter = Annotated[str | None, Query(max_length=200), AfterValidator(storable)]


async def no_other_filter(request: Request) -> None:
    """422 for parameters the route does not know: a misspelt filter would filter nothing."""
    known = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    faults = Faults()
    for name in request.query_params:
        if name not in known:
            faults.unknown(shown(name), "parameter", name, known)
    faults.raise_if_any()


NO_OTHER_FILTER: Final = Depends(no_other_filter)


def listed(items: Sequence[str], next_cursor: str | None) -> Response:
    """A page of documents that are JSON already."""
    return json_text(f'{{"items":[{",".join(items)}],"next_cursor":{json.dumps(next_cursor)}}}')
