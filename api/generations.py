"""The steps of a chain in columns, as every picture of it shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Step = Mapping[str, Any]


def generations(steps: Sequence[Step]) -> Iterable[list[Step]]:
    """Steps by how many stand before them on the longest way; `steps` are in order of the chain."""
    depth: dict[str, int] = {}
    for step in steps:
        depth[step["key"]] = max((depth[key] + 1 for key in step["after"]), default=0)
    for level in range(max(depth.values(), default=-1) + 1):
        yield [step for step in steps if depth[step["key"]] == level]
