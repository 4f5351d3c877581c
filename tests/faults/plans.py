"""Plans whose clocks stay silent while a test runs: weeks ahead, days to answer."""

from typing import Any

from tests.api.plans import plan


def chain(**fields: object) -> dict[str, Any]:
    """The standard chain: five steps, each after the one before."""
    return plan(template="standard-launch", **fields)


def diamond() -> dict[str, Any]:
    """Marketing and communications side by side after product; channel waits for both."""
    return chain(
        steps=[
            {"key": "communications", "after": ["product"]},
            {"key": "channel", "after": ["marketing", "communications"]},
        ]
    )


def impatient() -> dict[str, Any]:
    """A chain whose first answer is overdue after a second."""
    return chain(policy={"answer_within": "PT1S"})
