"""How often somebody may try a password before having to wait.

Counted for each person and for each address, in this process; what was right costs nothing.
"""

from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.problems import Problem

WAIT_MINUTES: Final = 15
FOR_A_PERSON: Final = RateLimitItemPerMinute(10, WAIT_MINUTES)
FROM_AN_ADDRESS: Final = RateLimitItemPerMinute(50, WAIT_MINUTES)


class Attempts:
    """The wrong passwords of the last minutes."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def demand_room(self, person: str, address: str) -> None:
        """Raise 429 where there were too many."""
        if all(self._limiter.test(*what) for what in _counted(person, address)):
            return
        message = f"Too many wrong passwords; try again in {WAIT_MINUTES} minutes."
        headers = {"Retry-After": str(WAIT_MINUTES * 60)}
        raise Problem(429, "too_many_attempts", message, headers=headers)

    def note_wrong(self, person: str, address: str) -> None:
        for what in _counted(person, address):
            self._limiter.hit(*what)


def _counted(person: str, address: str) -> tuple[tuple[RateLimitItem, str, str], ...]:
    return ((FOR_A_PERSON, "person", person), (FROM_AN_ADDRESS, "address", address))
