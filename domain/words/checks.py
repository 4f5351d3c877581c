"""What checks find and why launches fail, in words made of the figures: in both languages, with
names and local times instead of keys and instants.
"""

from collections.abc import Mapping
from typing import Final

from domain.words.signs import Lang

FINDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "lead_time": (
        "{step} is to deliver by {deliver_by}; if all take their time, it answers only {answer_by}",
        "{step}须在{deliver_by}前交付；若各方用足时限，其答复最晚要到{answer_by}",
    ),
}
"""By check, with the figures of the finding in braces."""

FAILURES: Final[Mapping[str, tuple[str, str]]] = {
    "gate": ("the gate stayed shut for too long", "上线闸门在宽限期内未能放行"),
    "repair": ("{step} was not repaired in time", "{step}未在期限内补救"),
    "window": ("the window ended before the launch went live", "活动窗口结束时尚未上线"),
}
"""By cause, with the step in braces."""


def finding_template(check: str, lang: Lang) -> str | None:
    """None for a check of a newer server, which says what it found itself."""
    return _of(FINDINGS, check, lang)


def failure_template(cause: str, lang: Lang) -> str | None:
    return _of(FAILURES, cause, lang)


def _of(words: Mapping[str, tuple[str, str]], key: str, lang: Lang) -> str | None:
    found = words.get(key)
    return None if found is None else found[1] if lang == "zh" else found[0]
