"""The record of a post-mortem, as a value: what people add to the facts of a run, in which version,
and how far it is. It is the fold of its own ledger; see `evolve`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final, Literal

State = Literal["draft", "in_review", "published"]
Cause = Literal["failed", "cancelled", "breach", "requested"]

FACTORS: Final[Mapping[str, tuple[str, str]]] = {
    "unclear_responsibility": ("Unclear responsibility", "责任不清"),
    "late_plan": ("Plan late", "方案下达晚"),
    "clash": ("Activities that clash", "活动冲突"),
    "shortage": ("Shortage", "资源不足"),
    "missing_training": ("Missing training", "培训缺失"),
    "information_not_shared": ("Information not shared", "信息未共享"),
    "over_promised": ("Over-promised", "过度承诺"),
    "rule_does_not_fit": ("Rule that does not fit", "规则不适用"),
    "tool": ("Tool", "工具问题"),
}
"""The factors every organisation has, with their names in English and Chinese; it may add some."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What the run meant for each of the four."""

    company: str | None = None
    customer: str | None = None
    partner: str | None = None
    employee: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What people write. `factors` are keys of the taxonomy, without order; `notes` say more of one
    of them.
    """

    summary: str | None = None
    surprises: str | None = None
    factors: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    went_well: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()
    sides: Sides = field(default_factory=Sides)


CONTENT_FIELDS: Final = tuple(f.name for f in fields(Content))


@dataclass(frozen=True, slots=True)
class Published:
    """A version that two people stood for: who submitted it, and who published it."""

    version: int
    at: datetime
    submitted_by: str
    published_by: str
    content: Content


@dataclass(frozen=True, slots=True)
class Comment:
    """Said beside the record; `seq` is its entry."""

    seq: int
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class PostMortem:
    """Where a post-mortem stands after `seq` entries of its ledger.

    `version` is the one being worked on, or, published, the last. `editors` wrote in it.
    `follow_ups` are the launches of what was asked for.
    """

    launch: str
    seq: int
    cause: Cause
    opened_at: datetime
    changed_at: datetime
    state: State = "draft"
    version: int = 1
    content: Content = field(default_factory=Content)
    editors: tuple[str, ...] = ()
    submitted_by: str | None = None
    versions: tuple[Published, ...] = ()
    comments: tuple[Comment, ...] = ()
    follow_ups: tuple[str, ...] = ()
