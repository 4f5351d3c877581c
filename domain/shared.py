"""Values that many launches have in common: decoded, they are one object and not one for each."""

from functools import lru_cache
from typing import Any

KEPT = 64
"""So many different ones; a year has a few calendars and a few dozen sets of post-holders."""


class Shared:
    """Metadata for `Annotated[Value, Shared()]` where decoders, which never appear here by import,
    make a value that is frozen and can be compared: they take the equal one there is already.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's hook
        """The value's own schema, followed by the look for an equal one."""
        function = {"type": "no-info", "function": _the_one}
        return {"type": "function-after", "function": function, "schema": handler(source)}


@lru_cache(maxsize=KEPT)
def _the_one(value: Any) -> Any:  # noqa: ANN401 - any value that can be compared
    return value
