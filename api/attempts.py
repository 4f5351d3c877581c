"""How often somebody may try a password before having to wait.

Counted for each person and for each address, in this process; what was right costs nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.problems import Problem

WAIT_MINUTES: Final = 15
FOR_A_PERSON: Final = RateLimitItemPerMinute(10, WAIT_MINUTES)
FROM_AN_ADDRESS: Final = RateLimitItemPerMinute(50, WAIT_MINUTES)

LONGEST_NAME: Final = 64
"""Longer names are nobody's, and not worth their memory."""

Counted: TypeAlias = tuple[RateLimitItem, str, str]


class Attempts:
    """The wrong passwords of the last minutes, and those that are being looked at."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._under_way: Counter[Counted] = Counter()

    @contextmanager
    def one(self, person: str, address: str) -> Iterator[Callable[[], None]]:
        """One attempt; what it gives is called where the password was wrong. Raises 429 where there
        were too many, or would be if all that are under way were wrong.
        """
        counted = _counted(person, address)
        if not all(self._has_room(what) for what in counted):
            message = f"Too many wrong passwords; try again in {WAIT_MINUTES} minutes."
            headers = {"Retry-After": str(WAIT_MINUTES * 60)}
            raise Problem(429, "too_many_attempts", message, headers=headers)
        self._under_way.update(counted)
        try:
            yield lambda: self._note_wrong(counted)
        finally:
            self._under_way.subtract(counted)
            self._under_way += Counter()  # forgets those that are back at nought

    def _has_room(self, what: Counted) -> bool:
        return self._limiter.get_window_stats(*what).remaining > self._under_way[what]

    def _note_wrong(self, counted: tuple[Counted, ...]) -> None:
        for what in counted:
            self._limiter.hit(*what)


def _counted(person: str, address: str) -> tuple[Counted, ...]:
    return ((FOR_A_PERSON, "person", person[:LONGEST_NAME]), (FROM_AN_ADDRESS, "address", address))
